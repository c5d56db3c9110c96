import { hooksOf } from "../../config/schema/hooks.ts";
import { enabled, type MethodConfig } from "../../config/schema/method.ts";
import { hinted, section, text } from "../../config/setting.ts";

/** Codes of an authenticator app. */
export const totpConfig = {
  setting: section("Codes from an authenticator app.", {
    enabled: enabled(false),
    config: section("How authenticator apps are used.", {
      issuer: hinted(text("The name that the app shows, of 64 characters at most."), (name) =>
        [...name].length > 64 ? "is longer than 64 characters, of which apps are told the first" : undefined,
      ),
    }),
  }),
  after: { login: hooksOf.login, settings: hooksOf.settingsMethod },
  place: { login: 80, settings: 80 },
} satisfies MethodConfig;
