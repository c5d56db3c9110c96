import { create, toJson } from "@bufbuild/protobuf";
import type { DescField } from "@bufbuild/protobuf";
import { CredentialsImportSchema } from "#gen/ostiary/admin/v1/credentials_import_pb.js";
import type { CredentialsImport } from "#gen/ostiary/admin/v1/credentials_import_pb.js";
import type { CredentialImports } from "../../identity/import-credentials.ts";

interface Imported {
  readonly config?: Record<string, unknown>;
}

/** The credentials of a request, in the shape in which they are stored: that of the contract's JSON, but for one name. */
export function readCredentialsImport(credentials: CredentialsImport | undefined): CredentialImports {
  if (!credentials) return {};
  for (const field of CredentialsImportSchema.fields) fillIn(field, credentials as unknown as Parts);
  const json = toJson(CredentialsImportSchema, credentials, { useProtoFieldName: true, alwaysEmitImplicit: true });
  const imports: Record<string, unknown> = {};
  for (const [type, { config = {} }] of Object.entries(json as Record<string, Imported>)) {
    for (const key of (config["credentials"] ?? []) as { attestation?: Record<string, unknown> }[])
      renameClientData(key);
    imports[type] = config;
  }
  return imports;
}

type Parts = Record<string, { config?: unknown } | undefined>;

/** Whoever brings a credential without anything in it brings an empty one. */
function fillIn({ localName, message }: DescField, parts: Parts): void {
  const part = parts[localName];
  const config = message?.field["config"]?.message;
  if (part && config && part.config === undefined) part.config = create(config);
}

function renameClientData({ attestation }: { attestation?: Record<string, unknown> }): void {
  if (!attestation) return;
  const { client_data_json: clientData, ...others } = attestation;
  for (const name of Object.keys(attestation)) delete attestation[name];
  Object.assign(attestation, { client_dataJSON: clientData, ...others });
}
