import { isDeepStrictEqual } from "node:util";
import type { Config } from "../config/config.ts";
import type { MethodsConfig } from "../config/methods-config.ts";
import { uuidv7 } from "../db/id.ts";
import { viaOf } from "../schema/normalise.ts";
import type { CredentialRow } from "./rows.ts";

/** A credential to be added to an identity, or to take the place of the one of its kind. */
export interface CredentialInput {
  readonly type: string;
  /** Beside those that the traits give. */
  readonly identifiers: readonly string[];
  readonly config: Record<string, unknown>;
}

/** The credentials that traits make possible: the names by which they are found, and where codes are sent. */
export interface TraitIdentifiers {
  readonly password: readonly string[];
  readonly webauthn: readonly string[];
  readonly code: readonly { readonly via: "email" | "sms"; readonly value: string }[];
}

/** Credentials whose names come from the traits alone. */
const named = ["password", "webauthn", "code"] as const;

/** The shapes of version 0, of code credentials and of security keys, are Kratos' past: none is ever written. */
const currentVersion = 1;

/**
 * The credentials of an identity after its traits, or the credentials themselves, have changed. A kind that the traits
 * make possible is there even before it has been set up: so no two identities can ever lay claim to one name.
 */
export function mergeCredentials(
  existing: readonly CredentialRow[],
  fromTraits: TraitIdentifiers,
  given: readonly CredentialInput[],
  now: Date,
): CredentialRow[] {
  const credentials = new Map(existing.map((credential) => [credential.type, credential]));
  for (const { type, identifiers, config } of given) {
    const before = credentials.get(type);
    credentials.set(type, { ...(before ?? blank(type, now)), identifiers: [...new Set(identifiers)], config, updatedAt: now });
  }
  for (const type of named) {
    const names = [...new Set(fromTraits[type].map((name) => (typeof name === "string" ? name : name.value)))];
    const credential = credentials.get(type) ?? (names.length > 0 ? blank(type, now) : undefined);
    if (!credential) continue;
    const addresses = fromTraits.code.map(({ via, value }) => ({ channel: via, address: value }));
    const config = type === "code" ? { ...credential.config, addresses } : credential.config;
    const settled = sameNames(credential.identifiers, names) && credentials.has(type);
    if (settled && isDeepStrictEqual(config, credential.config)) continue;
    credentials.set(type, { ...credential, identifiers: names, config, updatedAt: now });
  }
  return [...credentials.values()];
}

const blank = (type: string, now: Date): CredentialRow => ({
  id: uuidv7(now.getTime()),
  type,
  identifiers: [],
  config: {},
  version: currentVersion,
  revision: 0,
  createdAt: now,
  updatedAt: now,
});

const sameNames = (some: readonly string[], others: readonly string[]) =>
  some.length === others.length && some.every((name) => others.includes(name));

/** A credential, as far as it says what it can prove. */
export type CredentialContent = Pick<CredentialRow, "type" | "config" | "identifiers">;

/** Whether a credential holds anything: a row is there as soon as the traits make its kind possible. */
export const isSetUp = ({ config }: Pick<CredentialRow, "config">): boolean => Object.keys(config).length > 0;

interface Keys {
  readonly credentials?: readonly { readonly is_passwordless?: boolean }[];
}

const keysOf = ({ config }: CredentialContent) => (config as Keys).credentials ?? [];

/** The providers that an account is linked with. */
export const providersOf = ({ config }: Pick<CredentialRow, "config">): string[] =>
  ((config["providers"] ?? []) as { provider: string }[]).map(({ provider }) => provider);

/**
 * Whether a credential opens a session here: it proves who somebody is, by a method that is on. Codes do where they sign
 * people in and there is an address for them.
 */
export function opensSession({ selfservice: { methods } }: Config, credential: CredentialContent): boolean {
  switch (credential.type) {
    case "code":
      return methods.code.passwordless_enabled && credential.identifiers.length > 0;
    case "webauthn":
      return methods.webauthn.enabled && methods.webauthn.config.passwordless && isFirstFactor(credential);
    case "password":
    case "passkey":
    case "oidc":
      return methods[credential.type].enabled && isFirstFactor(credential);
    default:
      return false;
  }
}

/** Whether a credential is set up so that it can prove who somebody is, which takes a name where sign-in asks for one. */
export function isFirstFactor(credential: CredentialContent): boolean {
  const { type, config, identifiers } = credential;
  switch (type) {
    case "password":
      if (identifiers.length === 0) return false;
      return typeof config["hashed_password"] === "string" || config["use_password_migration_hook"] === true;
    case "oidc":
    case "saml":
      return providersOf(credential).length > 0;
    case "passkey":
      return keysOf(credential).length > 0;
    case "webauthn":
      return identifiers.length > 0 && keysOf(credential).some(({ is_passwordless }) => is_passwordless === true);
    default:
      return false;
  }
}

function isSecondFactor(credential: CredentialRow): boolean {
  const { type, config } = credential;
  if (type === "totp") return typeof config["totp_url"] === "string";
  if (type === "lookup_secret") return Array.isArray(config["recovery_codes"]) && config["recovery_codes"].length > 0;
  return type === "webauthn" && keysOf(credential).some(({ is_passwordless }) => is_passwordless !== true);
}

/** Whether codes add to a session: only where they do not open one, and to addresses that are good enough for that. */
function codeIsSecond({ code }: MethodsConfig, { type, identifiers, config }: CredentialRow): boolean {
  if (type !== "code" || identifiers.length === 0 || !code.mfa_enabled || code.passwordless_enabled) return false;
  const { addresses } = config as { readonly addresses?: readonly { readonly channel: "email" | "sms" }[] };
  const channels = addresses ? addresses.map(({ channel }) => channel) : identifiers.map((one) => viaOf(one));
  return channels.some((channel) => code.mfa_channels.includes(channel));
}

/** The highest assurance that an identity's credentials can give. Codes give it where the configuration makes them a second factor. */
export const availableAal = ({ selfservice: { methods } }: Config, credentials: readonly CredentialRow[]): 1 | 2 =>
  credentials.some((one) => isSecondFactor(one) || codeIsSecond(methods, one)) ? 2 : 1;
