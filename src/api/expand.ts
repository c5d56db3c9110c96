import { ErrorReason, problem } from "../errors.ts";

/** What a session or an identity may be answered with, in lower case. */
export type Expandable = "identity" | "devices" | "last_seen" | "lifecycle";

/** Reads what sessions or identities are to be answered with, in any case. */
export function readExpand<E extends Expandable>(expand: readonly string[], known: readonly E[]): ReadonlySet<E> {
  const wanted = expand.map((part) => part.toLowerCase());
  const unknown = wanted.find((part) => !known.includes(part as E));
  if (unknown === undefined) return new Set(wanted as E[]);
  throw problem(ErrorReason.BAD_REQUEST, {
    reason: `The parameter expand must be ${known.join(" or ")}, not ${JSON.stringify(unknown.slice(0, 64))}.`,
  });
}
