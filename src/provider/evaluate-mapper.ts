import { JsonnetError } from "#jsonnet";
import { programOf } from "../outgoing/program.ts";
import { MapperFault } from "./mapper-fault.ts";
import type { Claims } from "./provider.ts";

/** What is known of an account already, where a mapper changes it. */
export interface MappedAccount {
  readonly traits: Readonly<Record<string, unknown>>;
  readonly metadata_public?: unknown;
  readonly metadata_admin?: unknown;
}

const nobody: MappedAccount = { traits: {}, metadata_public: {}, metadata_admin: {} };

/**
 * Evaluates a mapper over claims, and answers with what it makes, as it is. `identity` is always there, since programs
 * of Kratos count on it: without an account its members are empty. Throws a MapperFault that names the line.
 */
export function evaluateMapper(source: string, claims: Claims, account: MappedAccount = nobody): unknown {
  const identity = {
    traits: account.traits,
    metadata_public: account.metadata_public ?? {},
    metadata_admin: account.metadata_admin ?? {},
  };
  try {
    return programOf(source).evaluate({ extVars: { claims, identity } });
  } catch (error) {
    throw error instanceof JsonnetError ? faultOf(error) : error;
  }
}

const kinds = { syntax: "cannot be read", runtime: "fails", limit: "takes too much" } as const;

function faultOf(error: JsonnetError): MapperFault {
  const { kind, reason, place } = error;
  const where = place ? ` at line ${place.line}, column ${place.column}` : "";
  return new MapperFault("evaluation_failed", `The mapper ${kinds[kind]}${where}: ${reason}`, {
    cause: error,
    ...(place && { place }),
  });
}
