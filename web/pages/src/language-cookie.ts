import { languageCookie } from "./languages.ts";
import type { View } from "./view.ts";

/** Keeps the language that the address asks for. */
export function languageCookies({ query, words, site }: View): string[] {
  if (!query.get("lang")) return [];
  const path = new URL("ui", site.baseUrl).pathname;
  const secure = site.baseUrl.startsWith("https:") ? "; Secure" : "";
  return [`${languageCookie}=${words.language}; Path=${path}; Max-Age=31536000; SameSite=Lax; HttpOnly${secure}`];
}
