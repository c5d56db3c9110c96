import type { JsonObject } from "@bufbuild/protobuf";
import { MapperFault } from "../../mapper/fault.ts";
import type { MapperProgram } from "../../mapper/program.ts";
import { isObject } from "../../schema/limits.ts";
import { jsonFault } from "../../text/json-fault.ts";
import { baseClaims, mappedClaims } from "./claims.ts";
import type { Holder, TokenClaims, TokenShape } from "./claims.ts";

/** What to try the claims mapper of a template with. */
export interface TemplateTrial {
  /** The template whose token it would be; left out, one that sets nothing but its mapper. */
  readonly template?: TokenShape | undefined;
  readonly session: ShownSession;
  readonly issuer: string;
  readonly now: Date;
}

/** A session as whoami answers it, and what its tokens are bound by. */
export interface ShownSession {
  readonly shown: JsonObject;
  readonly holder: Holder;
}

/** What a token would say. */
export interface TriedTemplate {
  /** What the mapper makes, as it is; left out where it makes nothing, or nothing that could be shown. */
  readonly output?: unknown;
  /** Left out where that does not do. */
  readonly claims?: TokenClaims;
  readonly fault?: MapperFault;
}

const usual: TokenShape = { ttl: 60_000, subject_source: "id" };

/**
 * Tries the claims mapper of a template, or what a template without one says: nothing is signed. Throws BAD_REQUEST where the account cannot
 * be the subject.
 */
export async function tryTemplate(
  read: () => Promise<MapperProgram | undefined>,
  { template = usual, session: { shown, holder }, issuer, now }: TemplateTrial,
): Promise<TriedTemplate> {
  const base = baseClaims(issuer, now, holder, template);
  const tried: { output?: unknown } = {};
  try {
    const program = await read();
    if (!program) return { claims: base };
    const output = program({ session: shown, claims: base });
    if (jsonFault(output) === undefined) tried.output = output;
    return { ...tried, claims: mappedClaims(holder, base, output) };
  } catch (fault) {
    if (!(fault instanceof MapperFault)) throw fault;
    return { ...tried, fault };
  }
}

/** Reads a session that was answered by whoami; undefined where the document is none. */
export function readShownSession(document: JsonObject): ShownSession | undefined {
  const { id, expires_at: ends, identity, act } = document;
  const expiresAt = new Date(typeof ends === "string" ? ends : NaN);
  if (typeof id !== "string" || Number.isNaN(expiresAt.getTime()) || !isObject(identity)) return undefined;
  const { id: identityId, external_id: externalId } = identity;
  if (typeof identityId !== "string") return undefined;
  const owner = { id: identityId, externalId: typeof externalId === "string" ? externalId : null };
  const sub = isObject(act) ? act["sub"] : undefined;
  const acts = typeof sub === "string" && { act: { sub } };
  return { shown: document, holder: { id, expiresAt, identity: owner, ...acts } };
}
