import { randomUUID } from "node:crypto";
import type { JsonValue } from "@bufbuild/protobuf";
import type { ClientsConfig } from "../../config/outgoing-config.ts";
import type { Context } from "../../context.ts";
import { ErrorReason, problem } from "../../errors.ts";
import { MapperFault } from "../../mapper/fault.ts";
import { mapperSourceAt, readProgram } from "../../mapper/program.ts";
import type { MapperProgram } from "../../mapper/program.ts";
import { sourceAt } from "../../outgoing/program.ts";
import { isObject } from "../../schema/limits.ts";
import { jsonFault } from "../../text/json-fault.ts";
import type { SessionRow } from "../statements.ts";
import type { Template } from "./template.ts";

/** What a token says (RFC 7519, section 4). Times in seconds since 1970. */
export interface TokenClaims {
  readonly sub: string;
  readonly exp: number;
  readonly [name: string]: unknown;
}

/**
 * What a token of a session says: who and until when, and what the template's mapper makes of the session as its owner sees
 * it. No token outlives its session, and none is of somebody else, or hides who acts in their place. Throws BAD_REQUEST,
 * MISCONFIGURED, or a MapperFault.
 */
export async function claimsOf(
  ctx: Context,
  session: SessionRow,
  template: Template,
  shown: () => JsonValue,
): Promise<TokenClaims> {
  const base = baseClaims(ctx.config.serve.public.base_url, ctx.now(), session, template);
  const { claims_mapper_url: url, claims_mapper_language: language } = template;
  if (url === undefined) return base;
  const source = await sourceAt(url, ctx.config.clients).catch((cause: unknown) => {
    throw problem(ErrorReason.MISCONFIGURED, { reason: "The claims mapper of the template cannot be had.", cause });
  });
  const program = await readClaimsMapper(source, language);
  return mappedClaims(session, base, program({ session: shown(), claims: base }));
}

/** Reads a claims mapper. Throws a MapperFault that names the line. */
export const readClaimsMapper = (
  source: string,
  language: Template["claims_mapper_language"],
): Promise<MapperProgram> => readProgram(source, language, ["session", "claims"]);

/** The claims mapper of a template, as it is now; undefined where it has none. Throws a MapperFault. */
export async function claimsMapperOf(
  { claims_mapper_url: url, claims_mapper_language: language }: Template,
  clients: Pick<ClientsConfig, "http">,
): Promise<MapperProgram | undefined> {
  return url === undefined ? undefined : readClaimsMapper(await mapperSourceAt(url, clients), language);
}

const secondsOf = (moment: Date): number => Math.floor(moment.getTime() / 1000);

/** Whose token it is: what of a session all tokens say, or are bound by. */
export interface Holder {
  readonly id: string;
  readonly expiresAt: Date;
  readonly identity: Pick<SessionRow["identity"], "id" | "externalId">;
  /** Who acts in the place of its person, if anybody does. */
  readonly act?: { readonly sub: string } | null;
}

/** How long a token is valid, and what its subject is. */
export type TokenShape = Pick<Template, "ttl" | "subject_source">;

/** The claims that all tokens have. Throws BAD_REQUEST. */
export function baseClaims(
  issuer: string,
  now: Date,
  session: Holder,
  { ttl, subject_source: source }: TokenShape,
): TokenClaims {
  const { id, externalId } = session.identity;
  const sub = source === "id" ? id : externalId;
  if (!sub)
    throw problem(ErrorReason.BAD_REQUEST, { reason: "The account has no external id, which is to be the subject." });
  return {
    jti: randomUUID(),
    iss: issuer,
    sub,
    sid: session.id,
    iat: secondsOf(now),
    nbf: secondsOf(now),
    exp: Math.min(secondsOf(new Date(now.getTime() + ttl)), secondsOf(session.expiresAt)),
    // RFC 8693, section 4.1.
    ...(session.act && { act: { sub: session.act.sub } }),
  };
}

/** Lays what a claims mapper has made over the claims that all tokens have. Throws a MapperFault. */
export function mappedClaims(
  { expiresAt }: Pick<Holder, "expiresAt">,
  base: TokenClaims,
  output: unknown,
): TokenClaims {
  const mapped = isObject(output) && Object.hasOwn(output, "claims") ? output["claims"] : undefined;
  if (!isObject(mapped)) refuse('makes no object with an object "claims"');
  const fault = jsonFault(mapped);
  if (fault) refuse(fault.replace("The request", "makes JSON that").replace(/\.$/, ""));
  const claims = { ...base, ...mapped, sub: base.sub, ...("act" in base && { act: base["act"] }) };
  for (const name of ["exp", "iat", "nbf"])
    if (typeof (claims as TokenClaims)[name] !== "number") refuse(`makes a claim "${name}" that is no number`);
  return { ...claims, exp: Math.min(claims.exp, secondsOf(expiresAt)) };
}

function refuse(says: string): never {
  throw new MapperFault("invalid_output", { says });
}
