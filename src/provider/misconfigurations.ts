import { createPrivateKey } from "node:crypto";
import type { Config } from "../config/config.ts";
import { writtenTree } from "../config/written.ts";
import type { ProviderConfig } from "./provider.ts";
import type { WrittenProvider } from "./written-provider.ts";

/** What is wrong with the settings of a provider, and how to mend it, where the schema sees nothing amiss. */
export function faultsOfSettings(provider: ProviderConfig, written: WrittenProvider): string[] {
  const { provider: kind, issuer_url: issuer, scope } = provider;
  const faults: string[] = [];
  if (kind === "amazon" && written["pkce"] === "auto")
    faults.push(
      "pkce: Amazon does not publish whether it supports PKCE, so `auto` cannot work. Omit it, or use never or force.",
    );
  if (kind === "amazon" && scope.some((name) => !amazonScopes.has(name)))
    faults.push("scope: Amazon supports only profile, profile:user_id and postal_code. Remove the others.");
  if (kindsWithoutIssuer.has(kind) && !issuer)
    faults.push(`issuer_url: required for providers of the kind ${kind}, such as https://login.example.org.`);
  if (issuer?.includes("/.well-known/"))
    faults.push("issuer_url: use the issuer itself. The server adds /.well-known/ and what follows.");
  if (kind === "microsoft" && !microsoftTenant.test(provider.microsoft_tenant ?? ""))
    faults.push("microsoft_tenant: must be common, organizations, consumers, or the ID or a domain of a tenant.");
  return faults;
}

const amazonScopes = new Set(["profile", "profile:user_id", "postal_code"]);
/** Kinds of servers that anybody may run: where theirs is nobody knows beforehand. */
const kindsWithoutIssuer = new Set<ProviderConfig["provider"]>([
  ...(["generic", "auth0", "salesforce", "jackson", "fedcm-test"] as const),
]);
const microsoftTenant = /^[A-Za-z0-9][A-Za-z0-9.-]*$/;

/** What is wrong with the keys of a provider, and how to mend it. Says nothing of what they are. */
export function faultsOfKeys({ provider: kind, apple_private_key: pem }: ProviderConfig): string[] {
  if (kind !== "apple") return [];
  try {
    const { asymmetricKeyType: type, asymmetricKeyDetails: details } = createPrivateKey(pem ?? "");
    if (type === "ec" && details?.namedCurve === "prime256v1") return [];
    return ["apple_private_key: must be a P-256 key, as issued by Apple. Use the file AuthKey_….p8 unchanged."];
  } catch {
    return [
      "apple_private_key: cannot be read. Use the whole content of the file AuthKey_….p8, including the first and last line.",
    ];
  }
}

/** What is wrong with the providers of a configuration, one sentence each. */
export function misconfiguredProviders(config: Config): string[] {
  const { enabled, config: method } = config.selfservice.methods.oidc;
  if (!enabled) return [];
  const written = writtenProviders(config);
  return method.providers.flatMap((provider, at) =>
    [...faultsOfSettings(provider, written[at] ?? {}), ...faultsOfKeys(provider)].map(
      (fault) => `selfservice.methods.oidc.config.providers[${at}].${fault}`,
    ),
  );
}

/** Providers as they are written in the file: what a default has filled in is not there. */
export const writtenProviders = (config: Config): readonly WrittenProvider[] => providersIn(writtenTree(config)) ?? [];

/** The providers of settings as they are written; undefined where these name none. */
export function providersIn(settings: unknown): readonly WrittenProvider[] | undefined {
  let tree = settings;
  for (const key of ["selfservice", "methods", "oidc", "config", "providers"])
    tree = (tree as Readonly<Record<string, unknown>> | null | undefined)?.[key];
  return Array.isArray(tree) ? (tree as WrittenProvider[]) : undefined;
}
