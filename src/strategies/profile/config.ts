import { hooksOf } from "../../config/schema/hooks.ts";
import { enabled, type MethodConfig } from "../../config/schema/method.ts";
import { section } from "../../config/setting.ts";

/** The profile. */
export const profileConfig = {
  setting: section("Changing one's own traits.", { enabled: enabled(true) }),
  after: { settings: hooksOf.settingsProfile },
  place: { registration: 90, settings: 20 },
} satisfies MethodConfig;
