import type { Config } from "../../config/config.ts";
import type { CredentialRow } from "../../identity/rows.ts";
import { keysOf } from "../../webauthn/keys.ts";
import type { StoredKey } from "../../webauthn/keys.ts";

/** Whether security keys sign in alone, or are second factors. */
export const isPasswordless = ({ selfservice }: Config): boolean => selfservice.methods.webauthn.config.passwordless;

/** The keys of a credential that serve as the configuration wants security keys to serve. */
export const servingKeys = (
  config: Config,
  credential: Pick<CredentialRow, "config"> | undefined,
): readonly StoredKey[] =>
  keysOf(credential).filter(({ is_passwordless: alone = false }) => alone === isPasswordless(config));

/** How long browsers wait for a key. Kratos has no setting for it either. */
export const timeoutMs = 120_000;
