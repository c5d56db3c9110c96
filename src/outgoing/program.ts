import { compile, type Program } from "#jsonnet";
import { createBoundedCache } from "../bounded-cache.ts";
import type { ClientsConfig } from "../config/outgoing-config.ts";
import { readDocument } from "./document.ts";
import { asAddress } from "./file-url.ts";

const programs = createBoundedCache<string, Program>(200);

/** The Jsonnet program that a text is; it is read once. Throws a JsonnetError of kind `syntax`. */
export const programOf = (source: string): Program => programs.get(source) ?? programs.set(source, compile(source));

/** The text of a program that the configuration names, by an address or by the path of a file. */
export const sourceAt = (url: string, clients: Pick<ClientsConfig, "http">): Promise<string> =>
  readDocument(asAddress(url), clients);
