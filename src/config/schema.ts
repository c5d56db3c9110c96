import {
  anything,
  choiceOr,
  durationOr,
  deprecated,
  flag,
  later,
  list,
  open,
  required,
  section,
  text,
  whole,
  type Yielded,
} from "./setting.ts";
import { console } from "./schema/console.ts";
import { courier } from "./schema/courier.ts";
import { flows } from "./schema/flows.ts";
import { anyUrl, dataSource, urlPattern } from "./schema/formats.ts";
import { invitations } from "./schema/invitations.ts";
import { methods } from "./schema/methods.ts";
import { oauth2Provider } from "./schema/oauth2-provider.ts";
import { pages } from "./schema/pages.ts";
import { database, events, featureFlags, identity, log, security } from "./schema/operation.ts";
import { clients } from "./schema/outgoing.ts";
import { ciphers, hashers, secrets } from "./schema/secrets.ts";
import { serve } from "./schema/serve.ts";
import { cookies, session } from "./schema/session.ts";
import { metrics, tracing } from "./schema/telemetry.ts";
import { webhooks } from "./schema/webhooks.ts";

/** Everything that can be configured. */
export const schema = section("Everything that can be configured.", {
  version: text("The version that this file was written for.", {
    pattern: /^(?:v\d+\.\d+\.\d+[\w.+-]*)?$/,
    expected: "a version such as v1.0.0",
  }),
  dsn: required(text("The database: `memory`, or a URL that begins with sqlite, postgres or mysql.", dataSource)),
  serve,
  console,
  identity: required(identity),
  selfservice: required(
    section("What people do for themselves.", {
      default_browser_return_url: required(text("Where browsers go if nothing else says so.", anyUrl)),
      allowed_return_urls: list("Where `return_to` may lead.", text("A URL; `*` stands for a subdomain.", urlPattern)),
      flows,
      methods,
      deletion: section("Accounts that their owners have deleted. Ostiary's own.", {
        enabled: flag(false, "Whether people may have their accounts deleted."),
        grace_period: durationOr("720h", "How long they may change their minds."),
        end_sessions: choiceOr(
          ["at_end", "at_once"],
          "at_end",
          "When their sessions end: with the account, or as soon as the deletion is scheduled; to keep the account they sign in once more.",
        ),
      }),
      invitations,
      pages,
      new_flows_per_client: section(
        "How many flows one client may begin, by its IPv4 address or IPv6 network (/64), of all kinds together, on each server; errors that are kept for the error page count as well. More is answered with 429. Ostiary's own.",
        {
          enabled: flag(true, "Whether they are limited."),
          at_once: whole(5_000, "So many at once.", { min: 1 }),
          per_hour: whole(36_000, "And then so many an hour.", { min: 1, max: 3_600_000 }),
        },
      ),
    }),
  ),
  session,
  secrets,
  cookies,
  hashers,
  ciphers,
  security,
  log,
  database,
  clients,
  courier,
  webhooks,
  oauth2_provider: oauth2Provider,
  tracing,
  metrics,
  events,
  feature_flags: featureFlags,
  preview: later(
    open(
      section("Switches for features on trial.", {
        default_read_consistency_level: choiceOr(["strong", "eventual"], "strong", "How fresh lists are."),
      }),
    ),
  ),
  organizations: later(deprecated(list("Organizations; `selfservice.methods.b2b` replaces it.", anything("One.")))),
  enterprise: later(
    section("Extras.", { identity_schema_fallback_url_template: text("Where schemas are that are not listed.") }),
  ),
  revision: text("A name for this state of the configuration, shown by the health check."),
  dev: flag(
    false,
    "Development mode: cookies travel without TLS and a missing secret is made up. Never in production.",
  ),
  "watch-courier": flag(false, "Delivers messages from this process."),
  "sqa-opt-out": flag(false, "Accepted for compatibility: nothing is ever reported to anyone."),
  "expose-metrics-port": whole(0, "The port for metrics of `courier watch`.", { min: 0, max: 65535 }),
  help: flag(false, "A flag of the command line."),
  config: list("A flag of the command line: the configuration's files.", text("A file.")),
});

/** The configuration as it is written, with defaults, before secrets and URLs are settled. */
export type Written = Yielded<typeof schema>;
