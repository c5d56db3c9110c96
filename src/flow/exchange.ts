import type { Context } from "../context.ts";
import { constantTimeEqual, sha256Hex } from "../crypto/token.ts";
import { uuidv7 } from "../db/id.ts";
import { change, find, insert } from "../db/query.ts";
import type { RowOf } from "../db/table.ts";
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
      returnCodeHash: sha256Hex(returnCodes(ctx, exchangeCodeHash!)[0]!),
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

/** The code that a browser brings back to the native client of a flow; undefined where the client has not asked for one, or its time is over. */
export async function exchangeOf(
  ctx: Context,
  { exchangeCodeHash }: Pick<Flow, "exchangeCodeHash">,
): Promise<(Pick<Exchange, "id" | "expiresAt"> & { readonly returnCode: string }) | undefined> {
  const exchange = exchangeCodeHash === null ? undefined : await byInitCode(ctx, exchangeCodeHash);
  if (!exchange) return undefined;
  const returnCode = returnCodes(ctx, exchange.initCodeHash).find(
    (code) => sha256Hex(code) === exchange.returnCodeHash,
  );
  // None where the secret that it was made by has been taken out of service.
  return returnCode === undefined ? undefined : { id: exchange.id, expiresAt: exchange.expiresAt, returnCode };
}

/** Has the client of a flow find the one that has taken over. */
export async function passExchange(ctx: Context, { id: flowId, exchangeCodeHash }: Exchanging): Promise<void> {
  if (exchangeCodeHash === null) return;
  await change(ctx, sessionTokenExchanges, { flowId, updatedAt: ctx.now() }, (query) =>
    query.where("initCodeHash", "=", exchangeCodeHash),
  );
}

/** Lays a session ready for the client of a flow to collect, soon. */
export async function layReady(
  ctx: Context,
  { id, expiresAt: until }: Pick<Exchange, "id" | "expiresAt">,
  sessionId: string,
): Promise<void> {
  const now = ctx.now();
  const expiresAt = new Date(Math.min(until.getTime(), now.getTime() + collectableMs));
  await change(ctx, sessionTokenExchanges, { sessionId, handedOutAt: null, expiresAt, updatedAt: now }, (query) =>
    query.where("id", "=", id),
  );
}

/** What two codes have led to; undefined where they do not belong together, or came too late. */
export async function exchange(ctx: Context, codes: ExchangeCodes): Promise<Exchanged | undefined> {
  const found = await byInitCode(ctx, sha256Hex(codes.initCode));
  if (!found || !constantTimeEqual(sha256Hex(codes.returnCode), found.returnCodeHash)) return undefined;
  if (found.sessionId === null) return { kind: "pending", flowId: found.flowId };
  // By the secret that has made the code: a server that has got a newer one meanwhile makes no other token.
  const token = tokensBy(ctx, codes, found.sessionId)[returnCodes(ctx, found.initCodeHash).indexOf(codes.returnCode)];
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
