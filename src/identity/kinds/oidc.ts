import type { CredentialKind } from "./kind.ts";
import { linked } from "./linked.ts";
import type { ProvidersImport } from "./linked.ts";

/** Accounts at providers that speak OpenID Connect, or OAuth 2. */
export const oidc: CredentialKind<ProvidersImport> = linked((methods) => methods.oidc.enabled);
