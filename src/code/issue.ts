import type { Context } from "../context.ts";
import { randomToken } from "../crypto/token.ts";
import { uuidv7 } from "../db/id.ts";
import { change, insert as insertRows, remove } from "../db/query.ts";
import { codes } from "./entities.ts";
import type { CodePurpose } from "./entities.ts";
import { codeLength } from "./length.ts";
import { drawSecret, hashSecret } from "./secret.ts";
import type { CodeBinding, CodeKind } from "./secret.ts";

/** What a code is made for. */
export interface CodeRequest extends CodeBinding {
  readonly kind: CodeKind;
  readonly lifespanMs: number;
  /** Whose code it is; null where there is no account yet. */
  readonly identityId: string | null;
}

/** A code as it goes into the message: nobody will ever know it again. */
export interface IssuedCode {
  readonly secret: string;
  readonly expiresAt: Date;
}

/** Makes the codes of a flow worthless that have not been used, as whenever others take their place. */
export async function discardCodes(ctx: Context, flowId: string, purpose: CodePurpose): Promise<void> {
  await remove(ctx, codes, (query) =>
    query.where("flowId", "=", flowId).where("purpose", "=", purpose).where("usedAt", "is", null),
  );
}

/** Writes the unused codes of a flow once more, as they are. */
export async function touchCodes(ctx: Context, flowId: string, purpose: CodePurpose): Promise<void> {
  await change(ctx, codes, { updatedAt: ctx.now() }, (query) =>
    query.where("flowId", "=", flowId).where("purpose", "=", purpose).where("usedAt", "is", null),
  );
}

/** Makes a code and stores its keyed hash. */
export async function issueCode(ctx: Context, request: CodeRequest): Promise<IssuedCode> {
  const secret = await draw(ctx, request);
  const expiresAt = new Date(ctx.now().getTime() + request.lifespanMs);
  await insert(ctx, request, hashSecret(ctx.config, request, secret), expiresAt);
  return { secret, expiresAt };
}

/** Does the same in place of a code that has no recipient: what it answers with redeems nothing. */
export async function issueDecoy(ctx: Context, request: CodeRequest): Promise<IssuedCode> {
  const secret = await draw(ctx, request);
  const expiresAt = new Date(ctx.now().getTime() + request.lifespanMs);
  await insert(ctx, { ...request, identityId: null }, hashSecret(ctx.config, request, randomToken()), expiresAt);
  return { secret, expiresAt };
}

const draw = async (ctx: Context, request: CodeRequest): Promise<string> =>
  drawSecret(request.kind, request.kind === "digits" ? await codeLength(ctx, request) : 0);

async function insert(ctx: Context, request: CodeRequest, secretHash: string, expiresAt: Date) {
  const now = ctx.now();
  const { flowId, identityId, purpose, via, address } = request;
  const row = { flowId, identityId, purpose, via, address, secretHash, expiresAt, usedAt: null };
  await insertRows(ctx, codes, [{ id: uuidv7(now.getTime()), ...row, createdAt: now, updatedAt: now }]);
}
