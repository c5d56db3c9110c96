import type { Context } from "../context.ts";
import { checkHash, createHash, maxPasswordBytes } from "../crypto/hash.ts";
import { ErrorReason, problem } from "../errors.ts";
import { sealConfig } from "./credential-seal.ts";
import type { CredentialInput } from "./credentials.ts";
import type { CredentialRow } from "./rows.ts";

/** An account at a provider that shall sign in. */
export interface ProviderImport {
  readonly provider: string;
  readonly subject: string;
  readonly organization?: string;
  readonly use_auto_link?: boolean;
}

/** Keys of authenticators, in the shape in which they are stored. */
export interface KeysImport {
  readonly credentials: readonly Record<string, unknown>[];
  /** Base64. */
  readonly user_handle: string;
}

/** Credentials as an administrator brings them along from elsewhere. */
export interface CredentialImports {
  readonly password?: {
    readonly password?: string;
    readonly hashed_password?: string;
    readonly use_password_migration_hook?: boolean;
  };
  readonly oidc?: { readonly providers: readonly ProviderImport[] };
  readonly saml?: { readonly providers: readonly ProviderImport[] };
  readonly totp?: { readonly totp_url: string };
  readonly lookup_secret?: { readonly codes: readonly { readonly code: string; readonly used_at?: string }[] };
  readonly webauthn?: KeysImport;
  readonly passkey?: KeysImport;
}

/** The credentials to store for those brought along, once `hashImported` has seen them. What is read back is sealed. */
export function importCredentials(
  ctx: Context,
  identityId: string,
  imports: CredentialImports,
  existing: readonly CredentialRow[] = [],
): CredentialInput[] {
  const { password, oidc, saml, totp, lookup_secret, webauthn, passkey } = imports;
  const credentials: CredentialInput[] = [];
  const add = (type: string, identifiers: readonly string[], config: Record<string, unknown>) =>
    credentials.push({ type, identifiers, config: sealConfig(ctx.config, type, config) });
  if (password && Object.keys(password).length > 0) add("password", [], { ...password });
  if (oidc) credentials.push(federated("oidc", oidc.providers, existing));
  if (saml) credentials.push(federated("saml", saml.providers, existing));
  if (totp) add("totp", [identityId], { totp_url: totpUrl(totp.totp_url) });
  if (lookup_secret) add("lookup_secret", [identityId], { recovery_codes: lookup_secret.codes });
  if (webauthn) add("webauthn", [], { ...webauthn });
  if (passkey) add("passkey", [userHandle(passkey)], { ...passkey });
  return credentials;
}

/** Credentials brought along, with the hash of a password instead of the password. Takes as long as hashing takes. */
export async function hashImported(ctx: Context, imports: CredentialImports): Promise<CredentialImports> {
  return imports.password ? { ...imports, password: await passwordConfig(ctx, imports.password) } : imports;
}

async function passwordConfig(ctx: Context, given: NonNullable<CredentialImports["password"]>): Promise<NonNullable<CredentialImports["password"]>> {
  if (given.use_password_migration_hook) {
    if (given.password || given.hashed_password) throw refuse("A password that is to be fetched by a hook cannot be given as well.");
    return { use_password_migration_hook: true };
  }
  // A hash that is there wins: it says what the password has been so far.
  if (given.hashed_password) {
    const verdict = checkHash(given.hashed_password);
    if (!verdict.ok) throw refuse(`The password hash cannot be imported. ${verdict.reason}`);
    return { hashed_password: given.hashed_password };
  }
  if (!given.password) return {};
  const { hashers } = ctx.config;
  if (Buffer.byteLength(given.password) > (maxPasswordBytes(hashers) ?? Number.POSITIVE_INFINITY)) throw refuse("The password is longer than the hash algorithm can take.");
  return { hashed_password: await createHash(given.password, hashers) };
}

/** Adds accounts at providers to those that there are. */
function federated(type: "oidc" | "saml", given: readonly ProviderImport[], existing: readonly CredentialRow[]): CredentialInput {
  const before = existing.find((credential) => credential.type === type);
  const providers = new Map<string, unknown>();
  for (const known of (before?.config["providers"] ?? []) as ProviderImport[]) providers.set(`${known.provider}:${known.subject}`, known);
  for (const { provider, subject, organization, use_auto_link } of given)
    providers.set(`${provider}:${subject}`, {
      provider,
      subject,
      initial_id_token: "",
      initial_access_token: "",
      initial_refresh_token: "",
      ...(organization && { organization }),
      ...(use_auto_link && { use_auto_link }),
    });
  return { type, identifiers: [...providers.keys()], config: { providers: [...providers.values()] } };
}

const totpParameters: readonly (readonly [name: string, usual: string, pattern: RegExp])[] = [
  ["secret", "", /^[a-z2-7]{16,102}=*$/i],
  ["algorithm", "SHA1", /^sha-?(1|256|512)$/i],
  ["digits", "6", /^[678]$/],
  ["period", "30", /^[1-9]\d{0,3}$/],
];

/** A key by which no code can be computed would show only when its owner signs in. */
function totpUrl(url: string): string {
  if (!url.startsWith("otpauth://totp/") || !URL.canParse(url)) throw refuse("The TOTP key is not an otpauth://totp/ address.");
  const { searchParams } = new URL(url);
  const odd = totpParameters.find(([name, usual, pattern]) => !pattern.test(searchParams.get(name) ?? usual));
  if (odd) throw refuse(`The TOTP key's parameter ${odd[0]} is missing or of no use.`);
  return url;
}

function userHandle({ user_handle, credentials }: KeysImport): string {
  if (credentials.length === 0) throw refuse("A passkey import has no keys.");
  if (!user_handle) throw refuse("A passkey import has no user handle.");
  return Buffer.from(user_handle, "base64").toString();
}

const refuse = (reason: string) => problem(ErrorReason.BAD_REQUEST, { reason });
