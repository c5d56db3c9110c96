import { isDeepStrictEqual } from "node:util";
import { uuidv7 } from "../db/id.ts";
import type { Identifiers } from "../schema/identifiers.ts";
import { credentialKinds, kindOf } from "./kinds/index.ts";
import type { CredentialRow } from "./rows.ts";

/** A credential to be added to an identity, or to take the place of the one of its kind. */
export interface CredentialInput {
  readonly type: string;
  /** Beside those that the traits give. */
  readonly identifiers: readonly string[];
  readonly config: Record<string, unknown>;
}

/** Credentials with others put in, each in the place of the one of its kind. */
export function setCredentials(
  existing: readonly CredentialRow[],
  given: readonly CredentialInput[],
  now: Date,
): CredentialRow[] {
  const credentials = byType(existing);
  for (const { type, identifiers, config } of given) {
    const before = credentials.get(type) ?? blank(type, now);
    credentials.set(type, { ...before, identifiers: [...new Set(identifiers)], config, updatedAt: now });
  }
  return [...credentials.values()];
}

/**
 * Credentials by the names that traits give them. A kind that the traits make possible is there even before it has been
 * set up: so no two identities can ever lay claim to one name.
 */
export function nameCredentials(existing: readonly CredentialRow[], named: Identifiers, now: Date): CredentialRow[] {
  const credentials = byType(existing);
  for (const [type, { naming }] of credentialKinds) {
    if (naming?.from !== "traits") continue;
    const names = [...new Set(naming.names(named))];
    const before = credentials.get(type);
    const credential = before ?? (names.length > 0 ? blank(type, now) : undefined);
    if (!credential) continue;
    const config = { ...credential.config, ...naming.stores?.(named) };
    const settled = before && sameNames(before.identifiers, names) && isDeepStrictEqual(config, before.config);
    if (!settled) credentials.set(type, { ...credential, identifiers: names, config, updatedAt: now });
  }
  return [...credentials.values()];
}

const byType = (credentials: readonly CredentialRow[]) =>
  new Map(credentials.map((credential) => [credential.type, credential]));

const blank = (type: string, now: Date): CredentialRow => ({
  id: uuidv7(now.getTime()),
  type,
  identifiers: [],
  config: {},
  version: kindOf(type).version ?? 1,
  revision: 0,
  createdAt: now,
  updatedAt: now,
});

const sameNames = (some: readonly string[], others: readonly string[]) =>
  some.length === others.length && some.every((name) => others.includes(name));
