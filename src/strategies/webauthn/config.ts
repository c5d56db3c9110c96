import { absoluteUrl } from "../../config/schema/formats.ts";
import { hooksOf } from "../../config/schema/hooks.ts";
import { enabled, type MethodConfig } from "../../config/schema/method.ts";
import { foreignOrigin, needsParty, noDomain, noOrigin, origins } from "../../config/schema/relying-party.ts";
import {
  deprecated,
  flag,
  hinted,
  open,
  optionalSection,
  required,
  ruled,
  section,
  text,
} from "../../config/setting.ts";

/** Security keys. */
export const webauthnConfig = {
  setting: ruled(
    section("A security key.", {
      enabled: enabled(false),
      config: section("How security keys are used.", {
        passwordless: flag(false, "Whether a key alone signs in, or is a second factor."),
        rp: ruled(
          hinted(
            open(
              optionalSection("Who asks for the key.", {
                id: required(hinted(text("The domain that keys are bound to."), noDomain)),
                display_name: required(text("The name that people see.")),
                origin: deprecated(hinted(text("The one origin that may ask; `origins` replaces it."), noOrigin)),
                origins,
                icon: deprecated(text("An icon; browsers show none.", absoluteUrl)),
              }),
            ),
            foreignOrigin,
          ),
          (rp) => (rp.origin && rp.origins.length ? "takes either origin or origins" : undefined),
        ),
      }),
    }),
    needsParty,
  ),
  after: { login: hooksOf.login, registration: hooksOf.registrationMethod, settings: hooksOf.settingsKeys },
  place: { login: 40, registration: 40, settings: 60 },
} satisfies MethodConfig;
