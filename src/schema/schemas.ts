import { setImmediate } from "node:timers/promises";
import type { Config } from "../config/config.ts";
import { ErrorReason, problem } from "../errors.ts";
import type { Log } from "../log.ts";
import { readAnew } from "../outgoing/document.ts";
import { isOfWeb } from "./bundle.ts";
import type { ReadSchema } from "./bundle.ts";
import { parseIdentitySchema } from "./identity-schema.ts";
import type { IdentitySchema } from "./identity-schema.ts";
import { SchemaRefused } from "./limits.ts";

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
  /** Hears what of a schema is not looked at, once it is read. */
  readonly log?: Log;
}

const known = new WeakMap<Config["identity"], Schemas>();

/** The schemas of the configuration at hand. A reloaded configuration begins with none, and so reads them anew. */
export function schemasOf(source: SchemaSource): Schemas {
  let schemas = known.get(source.config.identity);
  if (!schemas) known.set(source.config.identity, (schemas = createSchemas(source)));
  return schemas;
}

const unnamed = () =>
  problem(ErrorReason.MISCONFIGURED, { reason: "The configuration's default schema is not one of its schemas." });

function createSchemas({ config, log }: SchemaSource): Schemas {
  const { schemas, default_schema_id: standard } = config.identity;
  const loaded = new Map<string, Promise<IdentitySchema>>();

  function get(id: string): Promise<IdentitySchema> {
    const entry = schemas.find((one) => one.id === id);
    if (!entry)
      return Promise.reject(
        problem(ErrorReason.BAD_REQUEST, { reason: `The schema ${JSON.stringify(id)} does not exist.` }),
      );
    let schema = loaded.get(id);
    if (!schema) {
      const read = reader(config, entry.url);
      schema = read(entry.url).then((document) => parseIdentitySchema(document, { ...entry, read }));
      loaded.set(id, schema);
      const tell = ({ remarks }: IdentitySchema) =>
        remarks.forEach((reason) => log?.warn("an identity schema says what is not looked at", { schema: id, reason }));
      // What could not be read now may be readable later.
      schema.then(tell, () => loaded.delete(id));
    }
    return schema;
  }

  return {
    get,
    default: () => (schemas.some(({ id }) => id === standard) ? get(standard) : Promise.reject(unnamed())),
    list: () => Promise.all(schemas.map(({ id }) => get(id))),
  };
}

/** Reads documents of schemas: any that the operator names, and what these refer to as far as the configuration allows it. */
function reader({ clients, security }: SchemaSource["config"], named: string): ReadSchema {
  return async (url) => {
    if (url !== named && security.disallow_ref_in_identity_schemas && !url.startsWith("base64://"))
      throw new SchemaRefused(
        `The schema refers to ${shown(url)}, and security.disallow_ref_in_identity_schemas forbids that.`,
      );
    const passing = isOfWeb(url);
    const text = await readAnew(url, clients).catch((cause: unknown) => {
      throw new SchemaRefused(`${shown(url)} cannot be read: ${explain(cause)}`, { passing, cause });
    });
    try {
      return JSON.parse(text) as unknown;
    } catch (cause) {
      throw new SchemaRefused(`${shown(url)} is no JSON: ${explain(cause)}`, { cause });
    }
  };
}

/** What is wrong with a schema of a configuration. */
export interface SchemaFault {
  /** Names the key and the address. */
  readonly sentence: string;
  /** Whether the schema could only not be fetched, and may be there later. */
  readonly passing: boolean;
}

/** Reads the schemas of a configuration, or some of them, and says what is wrong. Other work goes on between two of them. */
export async function faultsOfSchemas(
  source: SchemaSource,
  which: (url: string) => boolean = () => true,
): Promise<SchemaFault[]> {
  const faults: SchemaFault[] = [];
  for (const [at, { id, url }] of source.config.identity.schemas.entries()) {
    if (!which(url)) continue;
    await setImmediate();
    await schemasOf(source)
      .get(id)
      .catch((error: unknown) => {
        const sentence = `identity.schemas[${at}].url: the schema ${JSON.stringify(id)} (${shown(url)}) cannot be used. ${explain(error)}`;
        faults.push({ sentence, passing: error instanceof SchemaRefused && error.passing });
      });
  }
  return faults;
}

const shown = (url: string): string => (url.length > 200 ? `${url.slice(0, 60)}...` : url);
const explain = (error: unknown): string => (error instanceof Error ? error.message : String(error));
