import { JsonnetError } from "#jsonnet";
import type { ClientsConfig } from "../config/outgoing-config.ts";
import { programOf, sourceAt } from "../outgoing/program.ts";
import { errorMessage } from "../text/error-message.ts";
import { tracedNow } from "../tracing/active-span.ts";
import { readCel } from "./cel.ts";
import { MapperFault } from "./fault.ts";

/** What a mapper is written in. */
export type MapperLanguage = "jsonnet" | "cel";

/** What a mapper is given, by the names under which it finds it. */
export type MapperVariables = Readonly<Record<string, unknown>>;

/** A mapper that has been read. Throws a MapperFault that names the line. */
export type MapperProgram = (variables: MapperVariables) => unknown;

/** Reads a mapper, which knows these names. Throws a MapperFault that names the line. */
export async function readProgram(
  source: string,
  language: MapperLanguage,
  names: readonly string[],
): Promise<MapperProgram> {
  if (language !== "cel") return readJsonnet(source);
  const program = await readCel(source, names);
  return (variables) => tracedNow("cel", {}, () => program(variables));
}

/** The text of the mapper that lies at an address, as it is now. Throws a MapperFault. */
export const mapperSourceAt = (url: string, clients: Pick<ClientsConfig, "http">): Promise<string> =>
  sourceAt(url, clients).catch((cause: unknown) => {
    throw new MapperFault("evaluation_failed", { says: "cannot be fetched", reason: errorMessage(cause), cause });
  });

function readJsonnet(source: string): MapperProgram {
  const program = toldInLines(() => programOf(source));
  return (extVars) => toldInLines(() => program.evaluate({ extVars }));
}

const verbs = { syntax: "cannot be read", runtime: "fails", limit: "exceeded its limits" } as const;

function toldInLines<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof JsonnetError)) throw error;
    const { kind, reason, place } = error;
    throw new MapperFault("evaluation_failed", { says: verbs[kind], reason, ...(place && { place }), cause: error });
  }
}
