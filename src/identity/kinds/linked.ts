import { ErrorReason, problem } from "../../errors.ts";
import type { CredentialRow } from "../rows.ts";
import type { CredentialConfig, CredentialKind, Factor } from "./kind.ts";
import { accountsOf, holding, nameOf, withAccounts } from "./linked-account.ts";
import type { LinkedAccount } from "./linked-account.ts";
import { refuse } from "./refuse.ts";

type Imported = Pick<LinkedAccount, "provider" | "subject" | "organization" | "use_auto_link">;

/** Accounts at providers that shall sign in. */
export interface ProvidersImport {
  readonly providers: readonly Imported[];
}

/** The providers that an account is linked with. */
export const providersOf = (credential: Pick<CredentialRow, "config">): string[] =>
  accountsOf(credential).map(({ provider }) => provider);

/** A kind of credential that holds accounts at providers. */
export const linked = (offered: Factor["offered"]): CredentialKind<ProvidersImport> => ({
  first: { holds: (credential) => accountsOf(credential).length > 0, offered },
  naming: { from: "provider" },
  version: 0,
  secrets: {
    sealed: (config, { seal, isSealed }) =>
      withTokens(config, (token) => (token && !isSealed(token) ? seal(token) : token)),
    opened: (config, open) => asKratosKnowsIt(withTokens(config, (token) => token && open(token))),
  },
  importing: {
    store: ({ providers }, { before }) =>
      holding(withAccounts(before ? accountsOf(before) : [], providers.map(importedAccount))),
  },
  remove: withoutAccount,
});

const importedAccount = ({ provider, subject, organization, use_auto_link }: Imported): LinkedAccount => ({
  provider,
  subject,
  initial_id_token: "",
  initial_access_token: "",
  initial_refresh_token: "",
  ...(organization && { organization }),
  ...(use_auto_link && { use_auto_link }),
});

function withTokens(config: CredentialConfig, change: (token: string) => string): CredentialConfig {
  const providers = accountsOf({ config }).map((account) => ({
    ...account,
    initial_id_token: change(account.initial_id_token),
    initial_access_token: change(account.initial_access_token),
    initial_refresh_token: change(account.initial_refresh_token),
  }));
  return { ...config, providers };
}

/** Without what is there for the server alone. */
const asKratosKnowsIt = (config: CredentialConfig): CredentialConfig => ({
  ...config,
  providers: accountsOf({ config }).map(({ issuer: _issuer, tokens: _tokens, renewal: _renewal, ...shown }) => shown),
});

function withoutAccount(credential: CredentialRow, name: string) {
  if (!name) throw refuse("The parameter identifier must name the linked account as provider:subject.");
  if (!credential.identifiers.includes(name))
    throw problem(ErrorReason.NOT_FOUND, { reason: "The identity is not linked to this account." });
  const left = accountsOf(credential).filter((account) => nameOf(account) !== name);
  return left.length === 0 ? undefined : holding(left);
}
