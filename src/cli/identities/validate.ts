import { ConfigurationService } from "#gen/ostiary/admin/v1/configuration_service_pb.js";
import { CreateIdentityBodySchema } from "#gen/ostiary/admin/v1/identity_service_pb.js";
import type { CreateIdentityBody } from "#gen/ostiary/admin/v1/identity_service_pb.js";
import { decode } from "../../rest/decode.ts";
import { parseIdentitySchema, type IdentitySchema } from "../../schema/identity-schema.ts";
import { validateTraits } from "../../schema/validate.ts";
import { errorMessage } from "../../text/error-message.ts";
import { adminClient, serverOptions, told } from "../admin-client.ts";
import type { Command, CommandCall } from "../command.ts";
import { exitCodes } from "../exit-codes.ts";
import { readInput } from "../input.ts";
import { forTenant, tenantOption } from "../tenant-option.ts";
import { placeOf, rowsOf } from "./rows.ts";

/** `ostiary identities validate` */
export const validateCommand: Command = {
  name: "identities validate",
  aliases: ["validate identity"],
  operands: [{ name: "[file...]", summary: "Files as identities import takes them. Default: the standard input." }],
  summary: "Validates identities against the API and their schemas. What is in the files is not sent anywhere.",
  details: [
    "The schemas are those of a server (scope configuration.read), or the one of --schema, which takes no server.",
    "Whether names are taken is known by the server alone: see identities import --dry-run.",
  ],
  options: [
    {
      name: "schema",
      value: "file",
      summary: "A JSON schema for all of the identities, in place of those of a server.",
    },
    ...serverOptions,
    tenantOption,
  ],
  examples: [
    "ostiary validate identity file.json",
    "ostiary identities validate people.ndjson --schema person.schema.json",
  ],
  async run(call) {
    const schemas = await schemasFor(call);
    let faults = 0;
    for await (const row of rowsOf(call, call.operands))
      for (const fault of row.fault === undefined ? judge(row.json, schemas) : [`This is no JSON: ${row.fault}`]) {
        call.err(`${placeOf(row)}: ${fault}`);
        faults++;
      }
    if (faults > 0) return exitCodes.failed;
    call.out("All identities are valid.");
    return exitCodes.done;
  },
};

/** The schema for an id, or the default one; a sentence where there is none that can be used. */
type Schemas = (id: string) => IdentitySchema | string;

async function schemasFor(call: CommandCall): Promise<Schemas> {
  const { schema: file } = call.flags as { readonly schema?: string };
  if (file === undefined) return configuredSchemas(call);
  let document: unknown;
  try {
    document = JSON.parse(await readInput(call, file));
  } catch (cause) {
    throw new Error(`${file} is no JSON schema`, { cause });
  }
  const schema = await parse(document, file);
  return () => schema;
}

async function configuredSchemas(call: CommandCall): Promise<Schemas> {
  const client = await adminClient(call, ConfigurationService);
  const { schemas } = await told(client.listConfiguredSchemas({}, forTenant(call)));
  const known = new Map<string, IdentitySchema | string>();
  for (const { id, isDefault, schema, fault } of schemas) {
    const read = schema
      ? await parse(schema, id).catch((error: unknown) => errorMessage(error))
      : `The schema ${JSON.stringify(id)} cannot be used: ${fault}`;
    known.set(id, read);
    if (isDefault) known.set("", read);
  }
  return (id) => known.get(id) ?? `The schema ${JSON.stringify(id)} does not exist.`;
}

const parse = (document: unknown, id: string): Promise<IdentitySchema> =>
  parseIdentitySchema(document, {
    id,
    url: `base64://${id}`,
    read: (url) =>
      Promise.reject(
        new Error(`The schema ${id} refers to ${url}, which the server alone reads: see identities import --dry-run.`),
      ),
  });

function judge(json: unknown, schemas: Schemas): string[] {
  let body: CreateIdentityBody;
  try {
    body = decode(CreateIdentityBodySchema, json as never, { strict: true }) as CreateIdentityBody;
  } catch (error) {
    return [errorMessage(error)];
  }
  const schema = schemas(body.schemaId);
  if (typeof schema === "string") return [schema];
  return validateTraits(schema, body.traits ?? {}).map(({ node, message }) => `${node}: ${message.text}`);
}
