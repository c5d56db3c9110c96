import type { Config } from "../config/config.ts";
import { kindOf } from "./kinds/index.ts";
import type { CredentialContent } from "./kinds/kind.ts";
import type { CredentialRow, IdentityRow } from "./rows.ts";

/** Whether a credential holds anything: a row is there as soon as the traits make its kind possible. */
export const isSetUp = ({ config }: Pick<CredentialRow, "config">): boolean => Object.keys(config).length > 0;

/** Whether a credential is set up so that it can prove who somebody is, which takes a name where sign-in asks for one. */
export const isFirstFactor = (credential: CredentialContent): boolean => kindOf(credential.type).first?.holds(credential) ?? false;

/** Whether a credential opens a session here: it proves who somebody is, by a method that is on. */
export const opensSession = ({ selfservice: { methods } }: Config, credential: CredentialContent): boolean =>
  isFirstFactor(credential) && kindOf(credential.type).first!.offered(methods);

/** Whether these credentials let anybody sign in. */
export const canSignIn = (config: Config, credentials: readonly CredentialContent[]): boolean =>
  credentials.some((credential) => opensSession(config, credential));

/** The kinds of credentials that are second factors, as they are kept with the identity: sessions are read without credentials. */
export const secondFactorsOf = (credentials: readonly CredentialContent[]): string =>
  credentials.flatMap((credential) => (kindOf(credential.type).second?.holds(credential) ? [credential.type] : [])).join(" ");

/** The highest assurance that an identity's credentials can give, by the methods that are on now. */
export const availableAal = ({ selfservice: { methods } }: Config, { secondFactors }: Pick<IdentityRow, "secondFactors">): 1 | 2 =>
  secondFactors.split(" ").some((type) => kindOf(type).second?.offered(methods)) ? 2 : 1;
