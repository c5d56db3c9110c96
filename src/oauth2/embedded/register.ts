import { randomUUID } from "node:crypto";
import type { ClientMetadata } from "oidc-provider";
import type { Context } from "../../context.ts";
import { randomToken } from "../../crypto/token.ts";
import { ErrorReason, problem } from "../../errors.ts";
import type { NewClient } from "./clients.ts";
import type { ClientDocument } from "./entities.ts";

/** Metadata that the provider itself decides about, or that stand in columns of their own. */
const notStored = ["client_id", "client_secret", "client_secret_expires_at", "created_at", "updated_at"];

const secretless: ReadonlySet<unknown> = new Set(["none", "private_key_jwt"]);

/** What a client says of itself, without what it does not decide. */
export const ownMetadataOf = (said: ClientDocument): ClientDocument =>
  Object.fromEntries(Object.entries(said).filter(([name]) => !notStored.includes(name)));

/**
 * Makes a client of what an administrator says of it: with the id, the secret and the metadata that were left out. `secret`
 * is what it has already. Throws BAD_REQUEST where the provider does not take it.
 */
export async function readClient(ctx: Context, said: ClientDocument, secret?: string): Promise<NewClient> {
  const clientId = textOf(said["client_id"]) ?? randomUUID();
  const metadata = withDefaults(ownMetadataOf(said));
  const isSecret = !secretless.has(metadata["token_endpoint_auth_method"]);
  const used = isSecret ? (textOf(said["client_secret"]) ?? secret ?? randomToken()) : undefined;
  await assertSound(ctx, { ...metadata, client_id: clientId, ...(used !== undefined && { client_secret: used }) });
  return { clientId, metadata, secret: used };
}

const textOf = (value: unknown): string | undefined => (typeof value === "string" && value !== "" ? value : undefined);

function withDefaults(said: ClientDocument): ClientDocument {
  const grants = (said["grant_types"] as readonly string[] | undefined) ?? ["authorization_code"];
  const uris = (said["redirect_uris"] as readonly string[] | undefined) ?? [];
  return {
    ...said,
    grant_types: grants,
    redirect_uris: uris,
    response_types: said["response_types"] ?? (grants.includes("authorization_code") ? ["code"] : []),
    subject_type: said["subject_type"] ?? "public",
    token_endpoint_auth_method: said["token_endpoint_auth_method"] ?? "client_secret_basic",
    // Apps are called by schemes of their own (RFC 8252, section 7.1), which Hydra does not tell apart.
    application_type: uris.some((uri) => !/^https?:/i.test(uri)) ? "native" : "web",
  };
}

async function assertSound(ctx: Context, metadata: ClientDocument): Promise<void> {
  const { providerOf } = await import("./provider.ts");
  const { Client } = await providerOf(ctx);
  try {
    new (Client as unknown as new (metadata: ClientMetadata) => unknown)(metadata as unknown as ClientMetadata);
  } catch (error) {
    const { error_description: description } = error as { readonly error_description?: string };
    if (description === undefined) throw error;
    throw problem(ErrorReason.BAD_REQUEST, { reason: `The client cannot be registered: ${description}.` });
  }
}
