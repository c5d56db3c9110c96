import { hooksOf } from "../../config/schema/hooks.ts";
import { enabled, type MethodConfig } from "../../config/schema/method.ts";
import { foreignOrigin, needsParty, noDomain, origins } from "../../config/schema/relying-party.ts";
import {
  choice,
  choiceOr,
  duration,
  hinted,
  open,
  optionalSection,
  required,
  ruled,
  section,
  text,
} from "../../config/setting.ts";

const preference = ["required", "preferred", "discouraged"] as const;

/** Passkeys. */
export const passkeyConfig = {
  setting: ruled(
    section("A passkey.", {
      enabled: enabled(false),
      config: section("How passkeys are used.", {
        rp: hinted(
          open(
            optionalSection("Who asks for the passkey.", {
              id: required(hinted(text("The domain that passkeys are bound to."), noDomain)),
              display_name: required(text("The name that people see.")),
              origins,
            }),
          ),
          foreignOrigin,
        ),
        authenticator_selection: section("Which authenticators are welcome.", {
          attachment: choice(["platform", "cross-platform"], "Built in, or apart."),
          resident_key: choiceOr(preference, "required", "Whether the authenticator remembers the account."),
          user_verification: choiceOr(preference, "preferred", "Whether the authenticator checks its owner."),
        }),
        attestation: section("Proof of the authenticator's make.", {
          preference: choiceOr(["none", "indirect", "direct", "enterprise"], "none", "What proof is asked for."),
        }),
        timeouts: section("How long the browser waits.", {
          registration: duration("How long a registration may take."),
          login: duration("How long a login may take."),
        }),
      }),
    }),
    needsParty,
  ),
  after: { login: hooksOf.login, registration: hooksOf.registrationMethod, settings: hooksOf.settingsKeys },
  place: { login: 50, registration: 50, settings: 70 },
} satisfies MethodConfig;
