import type { Site, Theme } from "#pages";
import type { Config } from "../../config/config.ts";
import type { Log } from "../../log.ts";
import { readDocument } from "../../outgoing/document.ts";
import { pictureAddress } from "./picture.ts";

type Themes = WeakMap<Config["selfservice"]["pages"], { readonly css: string | undefined; readonly theme: Theme }>;
const themes: Themes = new WeakMap();

/** What pages are told of the site of a configuration. */
export async function siteOf(config: Config, log: Log): Promise<Site> {
  const { flows, pages } = config.selfservice;
  const read = async (url: string | undefined) => {
    if (url === undefined) return undefined;
    return readDocument(url, config.clients).catch((error: unknown) => {
      log.error("a document of the pages cannot be read", { url: url.slice(0, 200), reason: String(error) });
      return undefined;
    });
  };
  const [css, translations] = await Promise.all([read(pages.css_url), read(pages.translations_url)]);
  return {
    baseUrl: config.serve.public.base_url,
    theme: themeOf(pages, css, log),
    defaultLanguage: pages.default_language,
    translations: translations === undefined ? {} : readTranslations(translations, log),
    registration: flows.registration.enabled && !flows.registration.by_invitation_only,
    recovery: flows.recovery.enabled,
    verification: flows.verification.enabled,
    inbox: config.courier.inbox,
    applications: config.oauth2_provider.mode === "embedded",
  };
}

/** The same theme as long as nothing changes, so that what is made of it is made once. */
function themeOf(pages: Config["selfservice"]["pages"], css: string | undefined, log: Log): Theme {
  const known = themes.get(pages);
  if (known && known.css === css) return known.theme;
  const { name, logo_url, logo_dark_url, icon_url, colors } = pages;
  const [light, dark] = [shades(colors.light), shades(colors.dark)];
  const [logo, logoDark, icon] = [logo_url, logo_dark_url, icon_url].map((url) => pictureOf(url, log));
  const theme = { name, logo, logoDark, icon, light, dark, css };
  themes.set(pages, { css, theme });
  return theme;
}

/** Where a picture cannot be shown, the name is. */
function pictureOf(url: string | undefined, log: Log): string | undefined {
  try {
    return url && pictureAddress(url);
  } catch (error) {
    log.error("a picture of the pages cannot be read", { url: url!.slice(0, 200), reason: String(error) });
    return undefined;
  }
}

const shades = ({ accent, background, surface, text }: Theme["light"]): Theme["light"] => ({
  accent,
  background,
  surface,
  text,
});

function readTranslations(text: string, log: Log): Site["translations"] {
  try {
    return JSON.parse(text) as Site["translations"];
  } catch (error) {
    log.error("the translations of the pages are no JSON", { reason: String(error) });
    return {};
  }
}
