import { choiceOr, deprecated, durationOr, flag, optionalSection, section, text, type Setting } from "../setting.ts";
import { anyUrl } from "./formats.ts";
import { hooksOf } from "./hooks.ts";
import type { MethodConfig, MethodFlow } from "./method.ts";
import { methodConfigs } from "./methods.ts";

const page = {
  ui_url: text("The page that shows this flow; not set: the one that comes along (`selfservice.pages`).", anyUrl),
  lifespan: durationOr("1h", "How long a started flow can be completed."),
};
const returnTo = text("Where browsers go afterwards.", anyUrl);
const afterMethod = <H>(hooks: Setting<H>) =>
  optionalSection("After this method; replaces the flow's own hooks.", {
    default_browser_return_url: returnTo,
    hooks,
  });
const before = section("When the flow starts.", { hooks: hooksOf.anywhere });
const after = <H>(hooks: Setting<H>) =>
  section("When the flow succeeds.", { default_browser_return_url: returnTo, hooks });

type Configs = typeof methodConfigs;
type HooksAfter<M extends keyof Configs, F extends MethodFlow> = Configs[M] extends {
  after: { [_ in F]: Setting<infer H> };
}
  ? H
  : never;
type AfterMethods<F extends MethodFlow> = {
  readonly [M in keyof Configs as [HooksAfter<M, F>] extends [never] ? never : M]: ReturnType<
    typeof afterMethod<HooksAfter<M, F>>
  >;
};

/** The methods that may have hooks of their own after a flow. */
const afterMethods = <F extends MethodFlow>(flow: F) =>
  Object.fromEntries(
    Object.entries<MethodConfig>(methodConfigs).flatMap(([name, { after }]) =>
      after?.[flow] ? [[name, afterMethod(after[flow])]] : [],
    ),
  ) as AfterMethods<F>;

const login = section("Signing in.", {
  ...page,
  style: choiceOr(["unified", "identifier_first"], "unified", "One page for all, or the identifier first."),
  before,
  after: section("When the flow succeeds.", {
    default_browser_return_url: returnTo,
    hooks: hooksOf.login,
    ...afterMethods("login"),
  }),
});

const registration = section("Signing up.", {
  enabled: flag(true, "Whether people may sign up."),
  by_invitation_only: flag(
    false,
    "Whether those who were invited may sign up, and nobody else, whatever `enabled` says. Ostiary's own.",
  ),
  login_hints: flag(false, "Tells who already has an account how they sign in."),
  ...page,
  enable_legacy_one_step: deprecated(flag(false, "One page for all; `style: unified` replaces it.")),
  style: choiceOr(["unified", "profile_first"], "profile_first", "One page for all, or the profile first."),
  before,
  after: section("When the flow succeeds.", {
    default_browser_return_url: returnTo,
    hooks: hooksOf.anywhere,
    ...afterMethods("registration"),
  }),
});

const settings = section("Changing one's own profile and credentials.", {
  ...page,
  privileged_session_max_age: durationOr("1h", "How fresh a sign-in must be to change credentials."),
  required_aal: choiceOr(["aal1", "highest_available"], "highest_available", "What a session must have proven."),
  before,
  after: section("When the flow succeeds.", {
    default_browser_return_url: returnTo,
    hooks: hooksOf.anywhere,
    ...afterMethods("settings"),
  }),
});

const addressFlow = <H>(about: string, hooks: Setting<H>) =>
  section(about, {
    enabled: flag(false, "Whether this flow is offered."),
    ...page,
    use: choiceOr(["link", "code"], "code", "What is sent to the address."),
    notify_unknown_recipients: flag(false, "Writes to addresses that nobody has, too."),
    before,
    after: after(hooks),
  });

/** One section per flow. */
export const flows = section("The flows that people walk through.", {
  login,
  registration,
  settings,
  recovery: addressFlow("Getting back into an account.", hooksOf.recovery),
  verification: addressFlow("Proving that an address is one's own.", hooksOf.anywhere),
  logout: section("Signing out.", {
    clear_browser_data: flag(false, "Tells the browser to forget everything it keeps for this site."),
    after: section("When the session is ended.", { default_browser_return_url: returnTo }),
  }),
  error: section("The page for errors.", {
    ui_url: text("The page that shows errors; not set: the one that comes along (`selfservice.pages`).", anyUrl),
  }),
});
