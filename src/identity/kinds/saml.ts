import type { CredentialKind } from "./kind.ts";
import { linked } from "./linked.ts";
import type { ProvidersImport } from "./linked.ts";

/** Accounts at providers that speak SAML. They are kept as they come, but there is no method yet that signs in by one. */
export const saml: CredentialKind<ProvidersImport> = linked(() => false);
