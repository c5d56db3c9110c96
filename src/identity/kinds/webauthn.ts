import type { CredentialRow } from "../rows.ts";
import { acceptKeys, judgeKeys, keyIds, keysIn, signsInAlone } from "./keys.ts";
import type { KeysImport } from "./keys.ts";
import type { CredentialKind } from "./kind.ts";
import { refuse } from "./refuse.ts";

/** Security keys, each of which was made to sign in alone or to be the second factor. */
export const webauthn: CredentialKind<KeysImport> = {
  first: {
    holds: ({ config, identifiers }) => identifiers.length > 0 && keysIn(config).some(signsInAlone),
    offered: ({ webauthn: { enabled, config } }) => enabled && config.passwordless,
  },
  second: {
    holds: ({ config }) => keysIn(config).some((key) => !signsInAlone(key)),
    offered: ({ webauthn: { enabled, config } }) => enabled && !config.passwordless,
  },
  naming: { from: "traits", names: (named) => named.webauthn },
  importing: { accept: acceptKeys, store: (given) => ({ identifiers: [], config: { ...given } }) },
  remove: withoutSecondFactors,
  judge: judgeKeys,
  keyIds,
};

function withoutSecondFactors({ config, identifiers }: CredentialRow) {
  const keys = keysIn(config);
  const left = keys.filter(signsInAlone);
  if (keys.length > 0 && left.length === keys.length)
    throw refuse("These security keys are a first factor and cannot be removed.");
  return { identifiers, config: left.length > 0 ? { ...config, credentials: left } : {} };
}
