import { document, hostAndPort, webAddress } from "../../config/schema/formats.ts";
import { hooksOf } from "../../config/schema/hooks.ts";
import { enabled, type MethodConfig } from "../../config/schema/method.ts";
import { httpHeaders, outgoingAuth } from "../../config/schema/outgoing.ts";
import { rate } from "../../config/schema/rate.ts";
import { choiceOr, flag, later, section, text, textOr, whole } from "../../config/setting.ts";

const throttle = section(
  "How often passwords may be guessed, at sign-in and when people confirm who they are. Whoever guesses more often is told to wait, and no password is looked at. Ostiary's own.",
  {
    enabled: flag(true, "Whether guesses are limited."),
    per_account: section(
      "For one identifier, whether it is anybody's or not. A device on which the owner signed in before has as much of its own.",
      {
        at_once: rate.at_once(10),
        per_hour: rate.per_hour(20),
        in_a_row: whole(
          100,
          "So many in a row end it until a password is set or the account is recovered; 0 for any number.",
          { min: 0, max: 1_000_000 },
        ),
      },
    ),
    per_client: section("For one client, by its IPv4 address or IPv6 network (/64), at all accounts together.", {
      at_once: rate.at_once(100),
      per_hour: rate.per_hour(200),
    }),
  },
);

/** A password. */
export const passwordConfig = {
  setting: section("A password.", {
    enabled: enabled(true),
    config: section("What a password must be.", {
      haveibeenpwned_host: textOr("api.pwnedpasswords.com", "Server that knows breached passwords.", hostAndPort),
      haveibeenpwned_enabled: flag(true, "Refuses passwords that have been breached."),
      max_breaches: whole(0, "How often a password may have been breached.", { min: 0, max: 100 }),
      ignore_network_errors: flag(true, "Accepts a password if that server cannot be asked."),
      min_password_length: whole(8, "Characters that a password has at least.", { min: 6 }),
      identifier_similarity_check_enabled: flag(true, "Refuses passwords that resemble the identifier."),
      throttle,
      migrate_hook: section("Asks another server about passwords that were not imported.", {
        enabled: later(flag(false, "Whether that server is asked.")),
        config: section("How that server is asked.", {
          url: text("Where the request goes.", webAddress),
          method: choiceOr(["POST"], "POST", "The HTTP method."),
          headers: httpHeaders,
          emit_analytics_event: flag(true, "Whether the call is counted."),
          auth: outgoingAuth,
          body: text("The Jsonnet that makes the body.", document),
        }),
      }),
    }),
  }),
  after: { login: hooksOf.login, registration: hooksOf.registrationMethod, settings: hooksOf.settingsMethod },
  place: { login: 70, registration: 70, settings: 30 },
} satisfies MethodConfig;
