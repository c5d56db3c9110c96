import { codeConfig } from "../../strategies/code/config.ts";
import { identifierFirstConfig } from "../../strategies/identifier-first/config.ts";
import { linkConfig } from "../../strategies/link/config.ts";
import { lookupSecretConfig } from "../../strategies/lookup-secret/config.ts";
import { oidcConfig } from "../../strategies/oidc/config.ts";
import { passkeyConfig } from "../../strategies/passkey/config.ts";
import { passwordConfig } from "../../strategies/password/config.ts";
import { profileConfig } from "../../strategies/profile/config.ts";
import { totpConfig } from "../../strategies/totp/config.ts";
import { webauthnConfig } from "../../strategies/webauthn/config.ts";
import { duration, later, list, open, section, text, type Setting } from "../setting.ts";
import type { MethodConfig } from "./method.ts";

/** What each method says of itself, by its name on the wire. */
export const methodConfigs = {
  password: passwordConfig,
  profile: profileConfig,
  code: codeConfig,
  link: linkConfig,
  totp: totpConfig,
  lookup_secret: lookupSecretConfig,
  webauthn: webauthnConfig,
  passkey: passkeyConfig,
  oidc: oidcConfig,
  identifier_first: identifierFirstConfig,
} satisfies Readonly<Record<string, MethodConfig>>;

const organization = open(
  section("An organization.", {
    id: text("Its id."),
    label: text("Its name."),
    domains: list("Its e-mail domains.", text("A domain.")),
    session_lifespan: duration("How long sessions of its members last."),
  }),
);

type Configs = typeof methodConfigs;
type Settings = {
  [M in keyof Configs as Configs[M] extends { setting: Setting } ? M : never]: Configs[M] extends { setting: infer S }
    ? S
    : never;
};

const settings = Object.fromEntries(
  Object.entries<MethodConfig>(methodConfigs).flatMap(([name, { setting }]) => (setting ? [[name, setting]] : [])),
) as Settings;

/** One section per authentication method. */
export const methods = section("How people authenticate.", {
  ...settings,
  b2b: later(
    section("Organizations that bring their own provider.", {
      config: section("Which ones there are.", { organizations: list("The organizations.", organization) }),
    }),
  ),
});
