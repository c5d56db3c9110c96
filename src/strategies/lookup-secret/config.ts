import { hooksOf } from "../../config/schema/hooks.ts";
import { enabled, type MethodConfig } from "../../config/schema/method.ts";
import { section } from "../../config/setting.ts";

/** Backup codes. */
export const lookupSecretConfig = {
  setting: section("Backup codes.", { enabled: enabled(false) }),
  after: { login: hooksOf.login, settings: hooksOf.settingsMethod },
  place: { login: 90, settings: 50 },
} satisfies MethodConfig;
