import type { Config } from "../config/config.ts";
import { kindOf } from "./kinds/index.ts";
import type { CredentialContent, Factor } from "./kinds/kind.ts";
import type { CredentialRow } from "./rows.ts";

/** Whether a credential holds anything: a row is there as soon as the traits make its kind possible. */
export const isSetUp = ({ config }: Pick<CredentialRow, "config">): boolean => Object.keys(config).length > 0;

/** Whether a credential is set up so that it can prove who somebody is, which takes a name where sign-in asks for one. */
export const isFirstFactor = (credential: CredentialContent): boolean => kindOf(credential.type).first?.holds(credential) ?? false;

/** Whether a credential opens a session here: it proves who somebody is, by a method that is on. */
export const opensSession = (config: Config, credential: CredentialContent): boolean =>
  serves(config, credential, kindOf(credential.type).first);

const serves = ({ selfservice: { methods } }: Config, credential: CredentialContent, factor: Factor | undefined) =>
  factor !== undefined && factor.offered(methods) && factor.holds(credential);

/** Whether these credentials let anybody sign in. */
export const canSignIn = (config: Config, credentials: readonly CredentialContent[]): boolean =>
  credentials.some((credential) => opensSession(config, credential));

/** The highest assurance that an identity's credentials can give, by the methods that are on. */
export const availableAal = (config: Config, credentials: readonly CredentialContent[]): 1 | 2 =>
  credentials.some((credential) => serves(config, credential, kindOf(credential.type).second)) ? 2 : 1;
