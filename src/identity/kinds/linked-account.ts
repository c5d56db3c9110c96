import type { CredentialRow } from "../rows.ts";
import type { CredentialConfig } from "./kind.ts";

/** An account at a provider, as a credential holds it: the members of Kratos, and some of our own. */
export interface LinkedAccount {
  readonly provider: string;
  readonly subject: string;
  /** The tokens that came along when the account was linked, each sealed; empty where there were none. */
  readonly initial_id_token: string;
  readonly initial_access_token: string;
  readonly initial_refresh_token: string;
  readonly organization?: string;
  readonly use_auto_link?: boolean;
  /** Who has issued the subject: a provider that is pointed elsewhere gives the same subjects to other people. */
  readonly issuer?: string;
  /** The newest tokens, as one sealed document. */
  readonly tokens?: string;
  /** Until when somebody is renewing the tokens (milliseconds since 1970), and a word that only they know. */
  readonly renewal?: { readonly until: number; readonly by: string };
}

/** The accounts that a credential holds. */
export const accountsOf = ({ config }: Pick<CredentialRow, "config">): readonly LinkedAccount[] =>
  (config["providers"] ?? []) as LinkedAccount[];

/** The name by which a credential is found at sign-in. Subjects are told apart by case, so that nothing normalises it. */
export const nameOf = ({ provider, subject }: Pick<LinkedAccount, "provider" | "subject">): string =>
  `${provider}:${subject}`;

/** A credential that holds these accounts. */
export const holding = (accounts: readonly LinkedAccount[]): { identifiers: string[]; config: CredentialConfig } => ({
  identifiers: accounts.map(nameOf),
  config: { providers: accounts },
});

/** Accounts with others, each in the place of the one of its name. */
export function withAccounts(
  before: readonly LinkedAccount[],
  given: readonly LinkedAccount[],
): readonly LinkedAccount[] {
  const accounts = new Map(before.map((account) => [nameOf(account), account]));
  for (const account of given) accounts.set(nameOf(account), account);
  return [...accounts.values()];
}
