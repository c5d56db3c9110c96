import { failure, info } from "./message.ts";

/** What somebody is told of whose name is another account's, which may be theirs. */
export interface LinkingOffer {
  /** The name that is taken. */
  readonly identifier: string;
  /** What people call the provider. */
  readonly provider: string;
  /** Where another login begins. */
  readonly loginUrl: string;
  /** What the owner of the name signs in with, where that is told. */
  readonly types: readonly string[];
  readonly providers: readonly string[];
}

/** The heading of a login form by which somebody links their account at a provider. */
export const signInToLink = ({ identifier, provider, loginUrl, types, providers }: LinkingOffer) =>
  info(
    1010016,
    `An account with ${JSON.stringify(identifier)} exists already. Sign in to it, and you can use ${provider} to sign in from then on.`,
    {
      duplicateIdentifier: identifier,
      duplicate_identifier: identifier,
      provider,
      newLoginUrl: loginUrl,
      new_login_url: loginUrl,
      available_credential_types: types,
      available_providers: providers,
    },
  );

/** The button that signs in and links. */
export const signInAndLink = () => info(1010017, "Sign in and link");

/** The button that signs in by a provider and links another. */
export const signInWithAndLink = (provider: string) => info(1010018, `Confirm with ${provider}`, { provider });

/** Somebody has signed in to another account than the one whose name is taken. */
export const otherAccountThanLinked = () =>
  failure(4010009, "This is not the account that the address belongs to. Sign in to that one to link it.");

/** That an account at a provider is somebody else's here. */
export const linkedElsewhere = () =>
  failure(4000027, "This account is linked with another account here. Sign in by it, or unlink it there first.");
