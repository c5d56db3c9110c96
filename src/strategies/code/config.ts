import { hooksOf } from "../../config/schema/hooks.ts";
import { enabled, type MethodConfig } from "../../config/schema/method.ts";
import { rate } from "../../config/schema/rate.ts";
import { choice, durationOr, flag, list, open, section, whole } from "../../config/setting.ts";

/** One-time codes. */
export const codeConfig = {
  setting: open(
    section("A one-time code sent to an address.", {
      enabled: enabled(true),
      passwordless_enabled: flag(false, "Whether a code alone signs in and up."),
      mfa_enabled: flag(false, "Whether a code is a second factor; not where it signs in alone."),
      mfa_channels: list(
        "How codes that are a second factor may travel; NIST SP 800-63B admits no e-mail.",
        choice(["email", "sms"], "A channel."),
        {
          min: 1,
          fallback: ["email", "sms"],
        },
      ),
      config: open(
        section("How codes are used.", {
          lifespan: durationOr("10m", "How long a code can be used."),
          max_submissions: whole(5, "How often a code may be tried.", { min: 1, max: 255 }),
          max_submissions_per_address: whole(
            0,
            "How often codes to one address may be wrong in a day, in all flows; 0 for any number that `throttle` allows.",
            { min: 0 },
          ),
          throttle: section(
            "How often codes to one address may be wrong, in all flows. Where that is used up, the address is sent codes of twelve digits. Ostiary's own.",
            {
              at_once: rate.at_once(5),
              per_hour: rate.per_hour(10),
              in_a_row: whole(
                100,
                "So many in a row end it until a code of twelve digits or a link proves the address; 0 for any number.",
                { min: 0, max: 1_000_000 },
              ),
            },
          ),
          missing_credential_fallback_enabled: flag(false, "Sends codes to people who never registered with one, too."),
        }),
      ),
    }),
  ),
  after: { login: hooksOf.login, registration: hooksOf.registrationMethod },
  place: { login: 60, registration: 60 },
} satisfies MethodConfig;
