import {
  anything,
  choiceOr,
  flag,
  later,
  list,
  open,
  required,
  ruled,
  section,
  text,
  variant,
  type Variant,
} from "../setting.ts";
import { documentOrFile, httpMethod, webAddress, webhookSecret } from "./formats.ts";
import { httpHeaders, outgoingAuth } from "./outgoing.ts";

const webHook = ruled(
  section("The call that is made.", {
    id: text("A name for logs."),
    url: required(text("Where the request goes.", webAddress)),
    method: required(text("The HTTP method.", httpMethod)),
    headers: httpHeaders,
    body: text("The Jsonnet that makes the body.", documentOrFile),
    auth: outgoingAuth,
    secrets: list(
      "Secrets by which the call is signed as Standard Webhooks has it, newest first: all of them sign. Ostiary's own.",
      text("A secret.", webhookSecret),
      { unique: true },
    ),
    response: section("What becomes of the answer.", {
      ignore: flag(false, "Does not wait for the answer."),
      parse: flag(false, "Lets the answer change the identity or stop the flow."),
    }),
    can_interrupt: flag(false, "Lets the answer stop the flow; `response.parse` replaces it."),
    emit_analytics_event: later(flag(true, "Whether the call is counted.")),
  }),
  ({ can_interrupt, response: { ignore, parse } }) =>
    ignore && (can_interrupt || parse)
      ? "cannot have its say in the flow by an answer that is ignored: leave out ignore, or parse and can_interrupt"
      : undefined,
);

const arms = {
  web_hook: section("Calls a server of the operator's.", { config: required(webHook) }),
  session: section("Signs the new identity in; always runs last.", {}),
  revoke_active_sessions: section("Ends all other sessions of the identity.", {}),
  require_verified_address: section("Turns away who has no verified address.", {}),
  show_verification_ui: section("Leads on to the verification of new addresses.", {}),
  verification: section("Starts the verification of new addresses.", {}),
  verify_new_address: section("Keeps the old address until the new one is verified.", {}),
  notify_previous_addresses: section("Tells the old addresses of the change.", {
    config: section("Who is told.", {
      recipients: choiceOr(["removed", "all_verified", "all"], "removed", "Which addresses are told."),
    }),
  }),
  notify_key_added: section("Tells people by mail that a passkey or security key was added.", {}),
  b2b_sso: later(
    open(section("Signs members of an organization in at their own provider.", { config: anything("Its settings.") })),
  ),
  organization: later(open(section("The same as `b2b_sso`.", { config: anything("Its settings.") }))),
};

type HookName = keyof typeof arms;

/** One reaction to a flow, as configured. */
export type HookConfig = Variant<"hook", typeof arms>;

const hooks = <N extends HookName>(names: readonly N[]) =>
  list(
    "What happens then, in this order.",
    variant("A reaction.", "hook", Object.fromEntries(names.map((name) => [name, arms[name]])) as Pick<typeof arms, N>),
    { unique: true },
  );

const anywhere = ["web_hook", "b2b_sso", "organization"] as const;

/** The hooks that each position in a flow admits. */
export const hooksOf = {
  anywhere: hooks(anywhere),
  login: hooks([
    "revoke_active_sessions",
    "require_verified_address",
    "verification",
    "show_verification_ui",
    ...anywhere,
  ]),
  loginByProvider: hooks(["revoke_active_sessions", "require_verified_address", ...anywhere]),
  registrationMethod: hooks(["session", "show_verification_ui", ...anywhere]),
  settingsMethod: hooks(["web_hook", "revoke_active_sessions"]),
  settingsKeys: hooks(["web_hook", "revoke_active_sessions", "notify_key_added"]),
  settingsProfile: hooks(["show_verification_ui", "verify_new_address", "notify_previous_addresses", ...anywhere]),
  recovery: hooks(["web_hook", "revoke_active_sessions"]),
};
