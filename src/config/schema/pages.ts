import { flag, section, text, textOr } from "../setting.ts";
import type { TextLimits } from "../setting.ts";
import { document, languageTag, oneLine } from "./formats.ts";

/** A colour in hexadecimal, as CSS writes it: no other notation can be judged by its contrast, or end a rule of CSS. */
const color: TextLimits = {
  pattern: /^#(?:[0-9a-fA-F]{3}|[0-9a-fA-F]{6})$/,
  expected: "a colour such as #3b4fd8",
};

/** Where a picture is. */
const picture: TextLimits = {
  pattern: /^(?:https:\/\/[^\s/]\S*|(?:file|base64):\/\/\S+|data:image\/\S+)$/,
  expected: "a picture's address: https://, file://, base64:// or data:image/",
};

const colors = (when: string) =>
  section(`Colours ${when}.`, {
    accent: text("Of buttons, links and what is in focus.", color),
    background: text("Of the page.", color),
    surface: text("Of what stands on it.", color),
    text: text("Of what is written.", color),
  });

/** The pages that come along. */
export const pages = section(
  "The pages that come along: at `ui/` under `serve.public.base_url`, and wherever a flow has no `ui_url` of its own. Ostiary's own.",
  {
    enabled: flag(true, "Whether they are served."),
    name: textOr("Ostiary", "What people call your site.", { ...oneLine, minLength: 1, maxLength: 60 }),
    logo_url: text(
      "A picture that stands in the place of the name: PNG, JPEG, GIF, WebP or SVG, of at most 64 KiB where the server reads it.",
      picture,
    ),
    logo_dark_url: text("The same where people prefer dark colours.", picture),
    icon_url: text("The picture of a browser's tab.", picture),
    colors: section("Colours, in the place of the built-in ones.", {
      light: colors("by day"),
      dark: colors("where people prefer it dark"),
    }),
    css_url: text("Rules of CSS that come after the built-in ones.", document),
    default_language: textOr("en", "The language of those who prefer none that there is.", languageTag),
    translations_url: text(
      "A JSON document with texts in the place of the built-in ones: by language, then by the id of a message or the name of a text.",
      document,
    ),
  },
);
