import { ErrorReason, problem } from "../errors.ts";
import type { Actor } from "../events/cause.ts";
import type { SessionRow } from "./statements.ts";

/** Who acts in a session: its person, or whoever does in their place. */
export function actorIn({ id, identity, act }: Pick<SessionRow, "id" | "identity" | "act">): Actor {
  if (!act) return { kind: "identity", id: identity.id, sessionId: id };
  const where = { sessionId: id, onBehalfOf: identity.id };
  const { kind, sub } = act;
  return kind === "certificate" ? { kind, name: sub, ...where } : { kind, id: sub, ...where };
}

/** Refuses what is for the person of a session alone where somebody else acts in it. Throws SESSION_IMPERSONATED. */
export function assertOwn({ act }: Pick<SessionRow, "act">): void {
  if (act) throw problem(ErrorReason.SESSION_IMPERSONATED, { reason: "The session is one of support's." });
}
