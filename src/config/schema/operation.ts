import {
  choice,
  choiceOr,
  deprecated,
  duration,
  durationOr,
  flag,
  later,
  list,
  open,
  required,
  section,
  text,
  textOr,
  whole,
} from "../setting.ts";
import { absoluteUrl } from "./formats.ts";

/** Which identity schemas there are. */
export const identity = section("What an identity is made of.", {
  default_schema_id: textOr("default", "The schema of who signs up without naming one."),
  schemas: required(
    list(
      "The identity schemas.",
      open(
        section("A schema.", {
          id: required(text("Its name; never change it.")),
          url: required(text("Where it is loaded from.", absoluteUrl)),
          selfservice_selectable: flag(false, "Whether a sign-up may ask for it by name."),
        }),
      ),
      { min: 1 },
    ),
  ),
});

/** What is logged. */
export const log = section("What is logged. Changes take effect after a restart.", {
  level: choiceOr(
    ["trace", "debug", "info", "warning", "error", "fatal", "panic"],
    "info",
    "The least important level that is logged.",
  ),
  format: choice(["json", "text"], "Not set: text on a terminal, else JSON."),
  leak_sensitive_values: flag(false, "Logs addresses and identifiers as they are; never secrets."),
  redaction_text: textOr("[redacted]", "What stands in the place of what is not logged."),
});

/** Housekeeping. */
export const database = section("Housekeeping in the database.", {
  cleanup: open(
    section("Deletion of what has run out.", {
      batch_size: whole(100, "Rows deleted at a time.", { min: 1 }),
      sleep: open(section("Pauses.", { tables: durationOr("1m", "Pause between two tables.") })),
      older_than: durationOr("0s", "How long ago it must have run out."),
      messages_older_than: durationOr("720h", "How old a message must be that was sent or given up."),
      deliveries_older_than: durationOr(
        "720h",
        "How long ago an event must have been delivered to a subscriber, or given up.",
      ),
      every: duration(
        "How often a server deletes by itself what ran out a day ago or more, `0s` for never. Not set: hourly on SQLite, never elsewhere.",
      ),
    }),
  ),
});

/** What has happened. */
export const events = section("What is recorded of accounts and sessions.", {
  retention: durationOr(
    "8760h",
    "How long events are kept; readers that lag behind further miss some. They are deleted with all else that has run out: see `database.cleanup`.",
  ),
  append_only: flag(
    false,
    "Whether the server's database user may not change or delete events (see `docs/events.md`): `ostiary cleanup sql` deletes old ones as another user, also those of tenants that are gone.",
  ),
});

/** Protection against guessing. */
export const security = open(
  section("Protection beyond the flows.", {
    account_enumeration: open(
      section("Guessing who has an account.", {
        mitigate: flag(false, "Answers alike whether or not an account exists."),
      }),
    ),
    failed_login_alarm: section(
      "A warning in the log when many sign-ins fail, at all accounts and servers together. Ostiary's own.",
      {
        failures: whole(100, "So many raise it; 0 for none.", { min: 0 }),
        within: durationOr("1m", "In which time."),
      },
    ),
    disallow_ref_in_identity_schemas: flag(
      false,
      "Refuses identity schemas that refer to other documents, but for `base64://`.",
    ),
  }),
);

/** Switches between old and new behaviour. */
export const featureFlags = section("Switches between old and new behaviour.", {
  cacheable_sessions: flag(false, "Lets whoami answers be cached."),
  cacheable_sessions_max_age: duration("How long they may be cached; not set: as long as the session lasts."),
  use_continue_with_transitions: flag(false, "Lets flows lead on by `continue_with` everywhere."),
  choose_recovery_address: flag(false, "Lets people choose the address that they recover by."),
  legacy_continue_with_verification_ui: later(
    deprecated(flag(false, "Always offers the verification after a sign-up.")),
  ),
  legacy_require_verified_login_error: deprecated(
    flag(false, "Answers with the old error about unverified addresses."),
  ),
  faster_session_extend: flag(false, "Answers the extension of a session without the session."),
  password_profile_registration_node_group: later(
    choiceOr(["password", "default"], "default", "The group of the profile's fields on the password form."),
  ),
  legacy_oidc_registration_node_group: flag(false, "The group of the profile's fields on the provider form."),
  legacy_allow_insecure_origins: deprecated(flag(false, "Allows wildcard origins below public suffixes.")),
  refresh_login_choose_address: flag(false, "Lets people choose the address of a code when they sign in again."),
});
