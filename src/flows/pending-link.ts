import type { Context } from "../context.ts";
import { change, find } from "../db/query.ts";
import { flows } from "../flow/entities.ts";
import type { Flow, Memory } from "../flow/flow.ts";
import { defineMemory, isRecord } from "../flow/memory.ts";
import { keepAccount, keptAccount } from "../proof/kept-account.ts";
import { linking } from "../proof/linking.ts";
import type { SessionRow } from "../session/statements.ts";

/** In which session the second factor has to be proved, and by which flow it was opened. */
interface PendingLink {
  readonly session: string;
  readonly flow: string;
}

const pendingLink = defineMemory(
  "pending_link",
  (value): value is PendingLink =>
    isRecord(value) && typeof value["session"] === "string" && typeof value["flow"] === "string",
);

/** As many flows are looked at as somebody may have gone through at once. */
const mostFlows = 8;

/**
 * Lets a link wait until a native client begins the flow in which the second factor is proved: browsers are sent to theirs, but an
 * app begins it by itself. Answers with what the flow of the first factor remembers.
 */
export async function savePendingLink(
  ctx: Context,
  { id }: Flow,
  identityId: string,
  session: string,
): Promise<Memory> {
  await change(ctx, flows, { identityId }, (query) => query.where("id", "=", id));
  return pendingLink.with({ session, flow: id });
}

/** What a native client's flow for the second factor remembers, where a link waits for that. */
export async function pendingLinkOf(ctx: Context, { id, identity }: SessionRow): Promise<Memory> {
  if (!ctx.config.selfservice.methods.oidc.enabled) return {};
  const rows = await find(ctx, flows, (query) =>
    query
      .where("identityId", "=", identity.id)
      .where("kind", "=", "login")
      .where("expiresAt", ">", ctx.now())
      .orderBy("id", "desc")
      .limit(mostFlows),
  );
  const found = rows.find((row) => pendingLink.of(row)?.session === id);
  const kept = found && keptAccount(ctx, found);
  return kept
    ? { ...linking.with(linking.of(found)), ...keepAccount(ctx, kept), ...pendingLink.with(pendingLink.of(found)) }
    : {};
}

/** Ends the waiting: it is linked by now. */
export async function clearPendingLink(ctx: Context, flow: Pick<Flow, "memory">): Promise<void> {
  const waited = pendingLink.of(flow);
  if (waited) await change(ctx, flows, { identityId: null }, (query) => query.where("id", "=", waited.flow));
}
