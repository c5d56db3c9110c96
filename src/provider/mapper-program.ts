import { readProgram } from "../mapper/program.ts";
import type { MapperLanguage } from "../mapper/program.ts";
import { isObject } from "../schema/limits.ts";
import type { Claims } from "./provider.ts";

/** What is known of an account already, where a mapper changes it. */
export interface MappedAccount {
  readonly traits: Readonly<Record<string, unknown>>;
  readonly metadata_public?: unknown;
  readonly metadata_admin?: unknown;
}

/** What is known of an account, in a document that says no more than it has to. */
export const accountIn = ({ traits, ...metadata }: Readonly<Record<string, unknown>>): MappedAccount => ({
  traits: isObject(traits) ? traits : {},
  ...metadata,
});

/** A mapper that has been read. */
export interface Mapper {
  /**
   * Answers with what the mapper makes of claims, as it is. The identity is always there, since programs of Kratos count
   * on it: without an account its members are empty. Throws a MapperFault that names the line.
   */
  evaluate(claims: Claims, account?: MappedAccount): unknown;
}

/** Reads a mapper. Throws a MapperFault that names the line. */
export async function readMapper(source: string, language: MapperLanguage): Promise<Mapper> {
  const run = await readProgram(source, language, ["claims", "identity"]);
  return { evaluate: (claims, account) => run({ claims, identity: shown(account) }) };
}

const shown = (account?: MappedAccount) => ({
  traits: account?.traits ?? {},
  metadata_public: account?.metadata_public ?? {},
  metadata_admin: account?.metadata_admin ?? {},
});
