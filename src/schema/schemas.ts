import { readFile, stat } from "node:fs/promises";
import { resolve } from "node:path";
import { fileURLToPath } from "node:url";
import type { Config } from "../config/config.ts";
import { ErrorReason, problem } from "../errors.ts";
import { parseIdentitySchema } from "./identity-schema.ts";
import type { IdentitySchema } from "./identity-schema.ts";
import { SchemaRefused, largestSchema } from "./limits.ts";

/** The schemas of a configuration. */
export interface Schemas {
  get(id: string): Promise<IdentitySchema>;
  default(): Promise<IdentitySchema>;
  /** All of them, in the order in which they are configured. */
  list(): Promise<IdentitySchema[]>;
}

/** Where schemas come from. */
export interface SchemaSource {
  readonly config: Config;
  readonly fetch: typeof globalThis.fetch;
}

const timeoutMs = 10_000;
const known = new WeakMap<Config, Schemas>();

/** The schemas of the configuration at hand. A reloaded configuration begins with none, and so reads them anew. */
export function schemasOf(source: SchemaSource): Schemas {
  let schemas = known.get(source.config);
  if (!schemas) known.set(source.config, (schemas = createSchemas(source)));
  return schemas;
}

function createSchemas({ config, fetch }: SchemaSource): Schemas {
  const { schemas, default_schema_id: standard } = config.identity;
  const loaded = new Map<string, Promise<IdentitySchema>>();

  function get(id: string): Promise<IdentitySchema> {
    const entry = schemas.find((one) => one.id === id);
    if (!entry)
      return Promise.reject(problem(ErrorReason.BAD_REQUEST, { reason: `There is no schema ${JSON.stringify(id)}.` }));
    let schema = loaded.get(id);
    if (!schema) {
      schema = load(entry.url, fetch).then((document) => parseIdentitySchema(id, entry.url, document));
      loaded.set(id, schema);
      // What could not be read now may be readable later.
      schema.catch(() => loaded.delete(id));
    }
    return schema;
  }

  return { get, default: () => get(standard), list: () => Promise.all(schemas.map(({ id }) => get(id))) };
}

async function load(url: string, fetch: typeof globalThis.fetch): Promise<unknown> {
  try {
    return JSON.parse(await read(url, fetch)) as unknown;
  } catch (error) {
    if (error instanceof SchemaRefused) throw error;
    throw new SchemaRefused(`The schema ${url.slice(0, 200)} cannot be read: ${String(error)}`);
  }
}

async function read(url: string, fetch: typeof globalThis.fetch): Promise<string> {
  if (url.startsWith("base64://")) return bounded(Buffer.from(url.slice("base64://".length), "base64"));
  if (url.startsWith("file://")) {
    // As in Kratos, file://./x is relative to where the server was started.
    const path = url.startsWith("file://.") ? resolve(url.slice("file://".length)) : fileURLToPath(url);
    if ((await stat(path)).size > largestSchema) throw new SchemaRefused(`The schema ${path} is larger than 1 MiB.`);
    return readFile(path, "utf8");
  }
  const response = await fetch(url, { redirect: "error", signal: AbortSignal.timeout(timeoutMs) });
  if (!response.ok) throw new SchemaRefused(`${url} answered ${response.status}.`);
  return bounded(Buffer.from(await response.arrayBuffer()));
}

function bounded(bytes: Buffer): string {
  if (bytes.length > largestSchema) throw new SchemaRefused("The schema is larger than 1 MiB.");
  return bytes.toString("utf8");
}
