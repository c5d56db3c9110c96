import { readFileSync } from "node:fs";
import { basename } from "node:path";
import { create, toJson } from "@bufbuild/protobuf";
import type { JsonObject } from "@bufbuild/protobuf";
import { MapperService, TryMapperResponseSchema } from "#gen/ostiary/admin/v1/mapper_service_pb.js";
import type { TryMapperResponse } from "#gen/ostiary/admin/v1/mapper_service_pb.js";
import { adminClient, endpointOption, told, tokenOption } from "./admin-client.ts";
import { misuse, type Command, type CommandCall, type Option } from "./command.ts";
import { configFiles, configOption } from "./config-files.ts";
import { formatOption } from "./output/format.ts";
import { type Printer, printerFor } from "./output/print.ts";
import type { Trial } from "./mapper-locally.ts";

const options: readonly Option[] = [
  { name: "claims", value: "file", summary: "A JSON file with the claims of a provider." },
  {
    name: "session",
    value: "file",
    summary: "For a session template: a JSON file with a session, as whoami answers it.",
  },
  {
    name: "template",
    value: "name",
    summary: "A session template whose mapper is run if no file is given. It takes --session.",
  },
  {
    name: "identity",
    value: "file",
    summary: "A JSON file with the existing identity: traits, metadata_public, metadata_admin.",
  },
  { name: "provider", value: "id", summary: "A provider whose mapper is run if no file is given." },
  {
    name: "schema",
    value: "id",
    summary: "The ID of the schema to check the traits against. Default: the default schema.",
  },
  {
    name: "language",
    value: "language",
    summary: "What it is written in. Default: by file extension.",
    choices: ["jsonnet", "cel"],
  },
  { ...configOption, summary: "A configuration file with schemas and providers." },
  { ...endpointOption, summary: "The admin API of a server whose schemas and providers are used." },
  tokenOption,
  formatOption,
];

/** A mapper that fails, and one that makes what its schema does not allow, are told apart from a trial that could not be made. */
const verdicts = { good: 0, atFault: 3, unfit: 4 } as const;

/** `ostiary mapper try` */
export const mapperTryCommand: Command = {
  name: "mapper try",
  operands: [{ name: "[file]", summary: "The mapper." }],
  summary:
    "Runs a claims mapper of a provider or a session template and shows its output: standalone, with a configuration file or on a server.",
  options,
  async run(call) {
    const printer = await printerFor(call);
    const trial = trialOf(call);
    const answer = await (call.flags.endpoint === undefined ? tryHere(call, trial) : tryThere(call, trial));
    return print(call, answer, printer);
  },
};

function trialOf({ operands: [file], flags }: CommandCall): Trial {
  const { claims, identity, provider, schema, session, template } = flags as Readonly<
    Record<string, string | undefined>
  >;
  if ((file ?? provider ?? template) === undefined) throw misuse("needs a mapper file, --provider or --template.");
  const program = file !== undefined && {
    program: { source: contentOf(file), language: languageOf(file, flags.language) },
  };
  if (session !== undefined || template !== undefined) {
    if (session === undefined) throw misuse("needs --session, a JSON file with a session as whoami answers it.");
    if ((claims ?? identity ?? provider ?? schema) !== undefined)
      throw misuse("takes --session without --claims, --identity, --provider and --schema.");
    return { ...program, session: documentIn(session), ...(template !== undefined && { sessionTemplate: template }) };
  }
  if (claims === undefined)
    throw misuse("needs --claims, a JSON file with the claims of a provider, or --session for a session template.");
  return {
    ...program,
    claims: documentIn(claims),
    ...(provider !== undefined && { providerId: provider }),
    ...(identity !== undefined && { identity: documentIn(identity) }),
    ...(schema !== undefined && { schemaId: schema }),
  };
}

function languageOf(file: string, said: unknown): "jsonnet" | "cel" {
  return (said ?? (file.endsWith(".cel") ? "cel" : "jsonnet")) as "jsonnet" | "cel";
}

function contentOf(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    throw new Error(`${file} cannot be read`, { cause: error });
  }
}

function documentIn(file: string): JsonObject {
  let document: unknown;
  try {
    document = JSON.parse(contentOf(file));
  } catch (error) {
    if (error instanceof SyntaxError) throw new Error(`${file} is not valid JSON`, { cause: error });
    throw error;
  }
  if (typeof document !== "object" || document === null || Array.isArray(document))
    throw new Error(`${file} does not contain an object.`);
  return document as JsonObject;
}

async function tryThere(call: CommandCall, trial: Trial): Promise<TryMapperResponse> {
  const client = await adminClient(call, MapperService);
  return told(client.tryMapper({ trial }));
}

async function tryHere(call: CommandCall, trial: Trial): Promise<TryMapperResponse> {
  const { tryLocally } = await import("./mapper-locally.ts");
  return create(TryMapperResponseSchema, await tryLocally({ ...call, files: configFiles(call) }, trial));
}

async function print(call: CommandCall, answer: TryMapperResponse, printer: Printer): Promise<number> {
  const shown = toJson(TryMapperResponseSchema, answer, { useProtoFieldName: true }) as JsonObject;
  const { fault, schemaValidationErrors: violations } = answer;
  const words = () => {
    const made = shown["identity"] ?? shown["token_claims"];
    if (made) call.out(JSON.stringify(made, null, 2));
    const file = basename(call.operands[0] ?? "mapper");
    if (fault) call.err([file, ...(fault.line ? [fault.line, fault.column] : []), ` ${fault.message}`].join(":"));
    for (const { path, message } of violations) call.err(`${path}: ${message}`);
  };
  await printer.words(words, shown);
  if (fault) return verdicts.atFault;
  return violations.length > 0 ? verdicts.unfit : verdicts.good;
}
