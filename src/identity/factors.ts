import type { Config } from "../config/config.ts";
import type { Context } from "../context.ts";
import { endFailuresAt } from "../throttle/second-factor-guess.ts";
import { credentialKinds, kindOf } from "./kinds/index.ts";
import type { CredentialContent } from "./kinds/kind.ts";
import type { CredentialRow, IdentityRow } from "./rows.ts";

/** Whether a credential holds anything: a row is there as soon as the traits make its kind possible. */
export const isSetUp = ({ config }: Pick<CredentialRow, "config">): boolean => Object.keys(config).length > 0;

/** Whether a credential is set up so that it can prove who somebody is, which takes a name where sign-in asks for one. */
export const isFirstFactor = (credential: CredentialContent): boolean =>
  kindOf(credential.type).first?.holds(credential) ?? false;

/** Whether a credential opens a session here: it proves who somebody is, by a method that is on. */
export const opensSession = ({ selfservice: { methods } }: Config, credential: CredentialContent): boolean =>
  isFirstFactor(credential) && kindOf(credential.type).first!.offered(methods);

/** Whether these credentials let anybody sign in. */
export const canSignIn = (config: Config, credentials: readonly CredentialContent[]): boolean =>
  credentials.some((credential) => opensSession(config, credential));

/**
 * The second factors among credentials, as they are kept with the identity, since sessions are read without credentials:
 * `webauthn code/email code/sms`.
 */
export const secondFactorsOf = (credentials: readonly CredentialContent[]): string =>
  credentials.flatMap(secondFactorOf).join(" ");

function secondFactorOf(credential: CredentialContent): readonly string[] {
  const { second } = kindOf(credential.type);
  if (!second?.holds(credential)) return [];
  return second.ways ? second.ways(credential).map((way) => `${credential.type}/${way}`) : [credential.type];
}

type Kept = Pick<IdentityRow, "secondFactors">;

/** The highest assurance that an identity's credentials can give, by the methods that are on now. */
export const availableAal = ({ selfservice: { methods } }: Config, { secondFactors }: Kept): 1 | 2 =>
  keptIn(secondFactors).some(({ second, way }) => second?.offered(methods, way)) ? 2 : 1;

/** The same, by what somebody has set up: who asks for a code needs no more than an address. */
export const setUpAal = ({ selfservice: { methods } }: Config, { secondFactors }: Kept): 1 | 2 =>
  keptIn(secondFactors).some(({ second, way }) => !second?.comesAlong && second?.offered(methods, way)) ? 2 : 1;

function keptIn(secondFactors: string) {
  return secondFactors.split(" ").map((kept) => {
    const [type = "", way] = kept.split("/");
    return { second: kindOf(type).second, way };
  });
}

const guessable = credentialKinds.flatMap(([, kind]) => kind.guessable ?? []);

/**
 * Ends the failures in a row at all second factors of somebody who has proved one, or whom an administrator lets back in.
 * A recovery by mail does not: whoever reads the mails of somebody else could guess on without end.
 */
export const endFactorFailures = (ctx: Context, identityId: string): Promise<void> =>
  endFailuresAt(ctx, guessable, identityId);
