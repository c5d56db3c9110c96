import { compile, type Program } from "#jsonnet";
import { createBoundedCache } from "../bounded-cache.ts";
import type { ClientsConfig } from "../config/outgoing-config.ts";
import { tracedNow } from "../tracing/active-span.ts";
import { readDocument } from "./document.ts";
import { asAddress } from "./file-url.ts";

const programs = createBoundedCache<string, Program>(200);

/** The Jsonnet program that a text is; it is read once. Throws a JsonnetError of kind `syntax`. */
export const programOf = (source: string): Program => programs.get(source) ?? programs.set(source, readAs(source));

/** A program that runs in a span of its own. */
function readAs(source: string): Program {
  const program = compile(source);
  return { evaluate: (options) => tracedNow("jsonnet", {}, () => program.evaluate(options)) };
}

/** The text of a program that the configuration names, by an address or by the path of a file. */
export const sourceAt = (url: string, clients: Pick<ClientsConfig, "http">): Promise<string> =>
  readDocument(asAddress(url), clients);
