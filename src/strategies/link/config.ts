import { pageUrl } from "../../config/schema/formats.ts";
import { enabled, type MethodConfig } from "../../config/schema/method.ts";
import { deprecated, durationOr, open, section, text } from "../../config/setting.ts";

/** Links. */
export const linkConfig = {
  setting: section("A link sent to an address.", {
    enabled: enabled(false),
    config: open(
      section("How links are used.", {
        base_url: deprecated(text("Where links lead, if not to the public base URL.", pageUrl)),
        lifespan: durationOr("1h", "How long a link can be used."),
      }),
    ),
  }),
} satisfies MethodConfig;
