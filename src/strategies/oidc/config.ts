import {
  anything,
  choice,
  choiceOr,
  flag,
  hinted,
  list,
  required,
  ruled,
  section,
  text,
  type Yielded,
} from "../../config/setting.ts";
import { absoluteUrl } from "../../config/schema/formats.ts";
import { hooksOf } from "../../config/schema/hooks.ts";
import type { MethodConfig } from "../../config/schema/method.ts";

/** The kinds of providers. */
export const providerKinds = [
  "github",
  "github-app",
  "gitlab",
  "generic",
  "google",
  "microsoft",
  "discord",
  "salesforce",
  "slack",
  "facebook",
  "auth0",
  "vk",
  "yandex",
  "apple",
  "spotify",
  "netid",
  "dingtalk",
  "patreon",
  "line",
  "linkedin",
  "linkedin_v2",
  "lark",
  "x",
  "fedcm-test",
  "amazon",
  "uaepass",
  "jackson",
] as const;

const appleKeys = ["apple_team_id", "apple_private_key_id", "apple_private_key"] as const;

const provider = section("A provider.", {
  id: required(text("Its name in URLs and credentials; never change it.")),
  provider: required(choice(providerKinds, "Its kind.")),
  label: text("The name that people see."),
  client_id: required(text("The client's id at the provider.")),
  client_secret: text("The client's secret at the provider."),
  issuer_url: text("The issuer, from which the rest is discovered.", absoluteUrl),
  auth_url: text("The authorization endpoint, if it is not discovered.", absoluteUrl),
  token_url: text("The token endpoint, if it is not discovered.", absoluteUrl),
  mapper_url: required(text("The program that turns claims into traits.", absoluteUrl)),
  mapper_language: choiceOr(["jsonnet", "cel"], "jsonnet", "What the program is written in."),
  verified_addresses: choiceOr(
    ["proven", "mapper"],
    "proven",
    "Whether an address that the program calls verified is so only where providers of this kind prove it, or always.",
  ),
  scope: list("The scopes asked for.", text("A scope.")),
  microsoft_tenant: text("The tenant, at Microsoft."),
  subject_source: choiceOr(["userinfo", "me", "oid"], "userinfo", "Where the subject comes from, at Microsoft."),
  apple_team_id: text("The team's id, at Apple."),
  apple_private_key_id: text("The private key's id, at Apple."),
  apple_private_key: text("The private key as PEM, at Apple."),
  requested_claims: anything<Readonly<Record<string, unknown>>>("Claims asked for one by one."),
  organization_id: text("The organization whose provider this is."),
  additional_id_token_audiences: list("Further audiences of tokens that apps submit.", text("An audience.")),
  aal2_acr_values: list("Values of `acr` that count as two factors.", text("A value.")),
  aal2_amr_values: list("Values of `amr` that count as two factors.", text("A value.")),
  claims_source: choiceOr(["id_token", "userinfo"], "id_token", "Where claims are read from."),
  pkce: choiceOr(["auto", "never", "force"], "auto", "Whether PKCE is used."),
  fedcm_config_url: text("The provider's FedCM document.", absoluteUrl),
  net_id_token_origin_header: text("The origin sent to netID's token endpoint."),
  account_linking_mode: choiceOr(
    ["confirm_with_existing_credential", "automatic"],
    "confirm_with_existing_credential",
    "How an account at this provider joins one that is already here.",
  ),
  update_identity_on_login: choiceOr(["never", "automatic"], "never", "Whether a login refreshes the traits."),
});

function credentialsFit(written: Yielded<typeof provider>): string | undefined {
  if ((written.provider === "microsoft") !== (written.microsoft_tenant !== undefined))
    return "needs microsoft_tenant if, and only if, provider is microsoft";
  if (written.provider !== "apple") {
    if (written.client_secret === undefined) return "needs client_secret";
    const foreign = appleKeys.find((key) => written[key]);
    return foreign && `takes ${foreign} only if provider is apple`;
  }
  if (written.client_secret) return "takes no client_secret: Apple's is made from the private key";
  const missing = appleKeys.find((key) => written[key] === undefined);
  return missing && `needs ${missing}`;
}

/** A provider, wherever it is configured. */
export const providerSetting = ruled(provider, credentialsFit);

/** Accounts at other identity providers. */
export const oidcConfig = {
  setting: section("An account at another identity provider.", {
    enabled: flag(false, "Whether this method is offered."),
    config: section("Which providers there are.", {
      base_redirect_uri: text("Where providers send people back to, if not to the public base URL.", absoluteUrl),
      providers: hinted(
        list("The providers. Their buttons are in the order of the ids.", providerSetting),
        (providers) =>
          new Set(providers.map(({ id }) => id)).size < providers.length
            ? "uses an id twice: the first of them counts"
            : undefined,
      ),
    }),
  }),
  after: { login: hooksOf.loginByProvider, registration: hooksOf.registrationMethod, settings: hooksOf.settingsMethod },
  place: { login: 10, registration: 10, settings: 40 },
} satisfies MethodConfig;
