import type { JsonValue } from "@bufbuild/protobuf";
import type { Context } from "../../context.ts";
import type { SigningKey } from "../../crypto/jws.ts";
import { ErrorReason, problem } from "../../errors.ts";
import { MapperFault } from "../../mapper/fault.ts";
import { ownSigningKey } from "../../tenant/key-ring.ts";
import { errorMessage } from "../../text/error-message.ts";
import type { SessionRow } from "../statements.ts";
import { claimsOf } from "./claims.ts";
import { keySetAt, signingKeyIn } from "./key-set.ts";
import { sessionKeys } from "./key-purpose.ts";
import { recordToken } from "./record-token.ts";
import { KeyRefused } from "./template.ts";
import type { Template } from "./template.ts";

/**
 * Makes a token of a session by a template: a JWT (RFC 7519) that others can check by the keys that are published. `shown` is
 * the session as its owner sees it. Throws BAD_REQUEST where the template makes none, with the reason in the log where the
 * operator alone can do something about it; MISCONFIGURED where its documents cannot be had.
 */
export async function tokenize(
  ctx: Context,
  session: SessionRow,
  name: string,
  shown: () => JsonValue,
): Promise<string> {
  const { templates } = ctx.config.session.whoami.tokenizer;
  const template = Object.hasOwn(templates, name) ? templates[name] : undefined;
  if (!template)
    throw problem(ErrorReason.BAD_REQUEST, { reason: "The parameter tokenize_as names no configured template." });
  try {
    const claims = await claimsOf(ctx, session, template, shown);
    const now = ctx.now().getTime();
    const key = await keyOf(ctx, template, claims.exp * 1000 - now);
    const token = await key.sign(claims);
    await recordToken(ctx, session, { template: name, ttl_seconds: claims.exp - Math.floor(now / 1000) });
    return token;
  } catch (error) {
    if (!(error instanceof KeyRefused) && !(error instanceof MapperFault)) throw error;
    // What is wrong with keys and programs concerns the operator alone.
    ctx.log.error("a session cannot be turned into a token", { template: name, reason: errorMessage(error) });
    const reason = error instanceof KeyRefused ? "has no key that can sign" : "has a claims mapper that fails";
    throw problem(ErrorReason.BAD_REQUEST, { reason: `The template ${reason}.` });
  }
}

async function keyOf(ctx: Context, template: Template, livesMs: number): Promise<SigningKey> {
  const { jwks_url: url } = template;
  if (url === undefined) return ownSigningKey(ctx, sessionKeys, livesMs);
  const set = await keySetAt(url, ctx.config.clients).catch((cause: unknown) => {
    throw problem(ErrorReason.MISCONFIGURED, { reason: "The keys of the template cannot be had.", cause });
  });
  return signingKeyIn(set, template);
}
