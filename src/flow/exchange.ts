import type { Context } from "../context.ts";
import { constantTimeEqual, sha256Hex } from "../crypto/token.ts";
import { uuidv7 } from "../db/id.ts";
import { change, find, insert } from "../db/query.ts";
import type { RowOf } from "../db/table.ts";
import { ErrorReason, problem } from "../errors.ts";
import { isActive } from "../session/current.ts";
import { transferSession } from "../session/transfer.ts";
import { sessionById, sessionByToken } from "../session/statements.ts";
import type { SessionRow } from "../session/statements.ts";
import { sessionTokenExchanges } from "./entities.ts";
import { returnCodes, tokensBy } from "./exchange-codes.ts";
import type { ExchangeCodes } from "./exchange-codes.ts";
import type { Flow } from "./flow.ts";

const hourMs = 3_600_000;
/** For how long a client may ask for its session, once it is there. */
const collectableMs = 10 * 60_000;

type Exchange = RowOf<typeof sessionTokenExchanges>;
type Exchanging = Pick<Flow, "id" | "exchangeCodeHash">;

/** What two codes have led to: a session and its token, or a flow that has yet to come to its end. */
export type Exchanged =
  | { readonly kind: "session"; readonly session: SessionRow; readonly token: string }
  | { readonly kind: "pending"; readonly flowId: string };

/** Lets a native client exchange the code of its flow for the session that the flow will lead to, within an hour. */
export async function openExchange(ctx: Context, { id: flowId, exchangeCodeHash }: Exchanging): Promise<void> {
  const now = ctx.now();
  await insert(ctx, sessionTokenExchanges, [
    {
      id: uuidv7(now.getTime()),
      createdAt: now,
      updatedAt: now,
      initCodeHash: exchangeCodeHash!,
      returnCodeHash: sha256Hex(returnCodes(ctx, { initCodeHash: exchangeCodeHash!, round: 0 })[0]!),
      round: 0,
      flowId,
      sessionId: null,
      handedOutAt: null,
      expiresAt: new Date(now.getTime() + hourMs),
    },
  ]);
}

async function byInitCode(ctx: Context, hash: string): Promise<Exchange | undefined> {
  const [exchange] = await find(ctx, sessionTokenExchanges, (query) => query.where("initCodeHash", "=", hash));
  return exchange && exchange.expiresAt > ctx.now() ? exchange : undefined;
}

/** The exchange that the native client of a flow waits for; undefined where it has asked for none, or its time is over. */
export async function exchangeOf(
  ctx: Context,
  { exchangeCodeHash }: Pick<Flow, "exchangeCodeHash">,
): Promise<Exchange | undefined> {
  const exchange = exchangeCodeHash === null ? undefined : await byInitCode(ctx, exchangeCodeHash);
  // None where the secret that its codes are made by has been taken out of service.
  return exchange && madeBy(ctx, exchange) >= 0 ? exchange : undefined;
}

/** Which of the server's secrets makes the codes of an exchange: each server that knows it makes the same. */
const madeBy = (ctx: Context, exchange: Exchange): number =>
  returnCodes(ctx, exchange).findIndex((code) => sha256Hex(code) === exchange.returnCodeHash);

/** Has the client of a flow find the one that has taken over. */
export async function passExchange(ctx: Context, { id: flowId, exchangeCodeHash }: Exchanging): Promise<void> {
  if (exchangeCodeHash === null) return;
  await change(ctx, sessionTokenExchanges, { flowId, updatedAt: ctx.now() }, (query) =>
    query.where("initCodeHash", "=", exchangeCodeHash),
  );
}

/**
 * The code that a browser brings home. The client of the flow collects by it what this time has led to: a session, soon, or
 * none. It is another code each time: whoever has got one by a refusal of their own must not collect by it the session of
 * somebody whom they have sent to the provider afterwards.
 */
export async function rotateReturnCode(ctx: Context, { id }: Exchange, sessionId: string | null): Promise<string> {
  for (;;) {
    const [before] = await find(ctx, sessionTokenExchanges, (query) => query.where("id", "=", id));
    const code = before && returnCodes(ctx, { ...before, round: before.round + 1 })[madeBy(ctx, before)];
    // It may be cleaned up by now.
    if (code === undefined) throw problem(ErrorReason.RETRY);
    if (await comeHome(ctx, before!, code, sessionId)) return code;
  }
}

/** False where another browser has come home meanwhile. */
async function comeHome(
  ctx: Context,
  { id, round, expiresAt: until }: Exchange,
  code: string,
  sessionId: string | null,
): Promise<boolean> {
  const now = ctx.now();
  const changes = {
    returnCodeHash: sha256Hex(code),
    round: round + 1,
    sessionId,
    handedOutAt: null,
    updatedAt: now,
    ...(sessionId && { expiresAt: new Date(Math.min(until.getTime(), now.getTime() + collectableMs)) }),
  };
  const changed = await change(ctx, sessionTokenExchanges, changes, (query) =>
    query.where("id", "=", id).where("round", "=", round),
  );
  return changed === 1;
}

/** What two codes have led to; undefined where they do not belong together, or came too late. */
export async function exchange(ctx: Context, codes: ExchangeCodes): Promise<Exchanged | undefined> {
  const found = await byInitCode(ctx, sha256Hex(codes.initCode));
  if (!found || !constantTimeEqual(sha256Hex(codes.returnCode), found.returnCodeHash)) return undefined;
  if (found.sessionId === null) return { kind: "pending", flowId: found.flowId };
  // By the secret that has made the code: a server that has got a newer one meanwhile makes no other token.
  const token = tokensBy(ctx, codes, found.sessionId)[returnCodes(ctx, found).indexOf(codes.returnCode)];
  if (token === undefined) return undefined;
  if (found.handedOutAt === null) await handOutOnce(ctx, found, token);
  // None where the session has got another token since.
  const session = await sessionByToken(ctx, sha256Hex(token));
  return session && isActive(session, ctx.now()) ? { kind: "session", session, token } : undefined;
}

/** Nobody has known a token of the session until now. Of several who ask at once, one gives it the token that all are told. */
const handOutOnce = (ctx: Context, { id, sessionId }: Exchange, token: string): Promise<void> =>
  ctx.tx(async (tx) => {
    const now = tx.now();
    const mine = await change(tx, sessionTokenExchanges, { handedOutAt: now, updatedAt: now }, (query) =>
      query.where("id", "=", id).where("sessionId", "=", sessionId).where("handedOutAt", "is", null),
    );
    const session = mine === 1 ? await sessionById(tx, sessionId!) : undefined;
    if (session && isActive(session, now)) await transferSession(tx, session, token);
  });
