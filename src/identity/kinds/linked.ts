import { ErrorReason, problem } from "../../errors.ts";
import type { CredentialRow } from "../rows.ts";
import type { CredentialKind, Factor } from "./kind.ts";
import { refuse } from "./refuse.ts";

interface Provider {
  readonly provider: string;
  readonly subject: string;
}

/** Accounts at providers that shall sign in. */
export interface ProvidersImport {
  readonly providers: readonly (Provider & { readonly organization?: string; readonly use_auto_link?: boolean })[];
}

const accountsOf = ({ config }: Pick<CredentialRow, "config">) => (config["providers"] ?? []) as Provider[];
const nameOf = ({ provider, subject }: Provider) => `${provider}:${subject}`;

/** The providers that an account is linked with. */
export const providersOf = (credential: Pick<CredentialRow, "config">): string[] =>
  accountsOf(credential).map(({ provider }) => provider);

/** A kind of credential that holds accounts at providers. */
export const linked = (offered: Factor["offered"]): CredentialKind<ProvidersImport> => ({
  first: { holds: (credential) => accountsOf(credential).length > 0, offered },
  naming: { from: "provider" },
  version: 0,
  importing: { store: ({ providers }, { before }) => withAccounts(before, providers) },
  remove: withoutAccount,
});

/** Adds accounts to those that there are. */
function withAccounts(before: CredentialRow | undefined, given: ProvidersImport["providers"]) {
  const accounts = new Map<string, Provider>(before && accountsOf(before).map((known) => [nameOf(known), known]));
  for (const account of given) {
    const { provider, subject, organization, use_auto_link } = account;
    const tokens = { initial_id_token: "", initial_access_token: "", initial_refresh_token: "" };
    accounts.set(nameOf(account), {
      provider,
      subject,
      ...tokens,
      ...(organization && { organization }),
      ...(use_auto_link && { use_auto_link }),
    });
  }
  return { identifiers: [...accounts.keys()], config: { providers: [...accounts.values()] } };
}

function withoutAccount(credential: CredentialRow, name: string) {
  if (!name) throw refuse("The parameter identifier has to say which account is meant, as provider:subject.");
  if (!credential.identifiers.includes(name))
    throw problem(ErrorReason.NOT_FOUND, { reason: "The identity has no such account at a provider." });
  const identifiers = credential.identifiers.filter((one) => one !== name);
  if (identifiers.length === 0) return undefined;
  return {
    identifiers,
    config: { ...credential.config, providers: accountsOf(credential).filter((account) => nameOf(account) !== name) },
  };
}
