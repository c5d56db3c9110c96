/** The languages that pages speak by themselves, each by its own name. */
export const languages: Readonly<Record<string, string>> = {
  en: "English",
  de: "Deutsch",
  fr: "Français",
  es: "Español",
  pt: "Português",
  it: "Italiano",
  nl: "Nederlands",
  pl: "Polski",
  ja: "日本語",
  zh: "中文",
  ar: "العربية",
};

/** The name of the cookie that keeps what somebody has chosen. */
export const languageCookie = "ostiary_lang";

const rightToLeft = new Set(["ar", "dv", "fa", "he", "ku", "ps", "sd", "ug", "ur", "yi"]);

/** Which way a language is written. */
export const directionOf = (language: string): "ltr" | "rtl" => (rightToLeft.has(primary(language)) ? "rtl" : "ltr");

/** The language of a visitor, of those that there are: as asked for in the address, kept by a cookie, or preferred by the browser. */
export function chooseLanguage(
  known: (language: string) => boolean,
  asked: { readonly query: string | null; readonly cookie: string | undefined; readonly accepted: string | undefined },
  otherwise: string,
): string {
  const wishes = [asked.query, asked.cookie, ...preferred(asked.accepted ?? "")];
  for (const wish of wishes) {
    const found = wish && [wish.toLowerCase(), primary(wish)].find(known);
    if (found) return found;
  }
  return otherwise;
}

const primary = (tag: string): string => tag.toLowerCase().split("-", 1)[0]!;

const mostWishes = 20;

/** The tags of Accept-Language (RFC 9110, 12.5.4), the most wanted first. */
function preferred(header: string): string[] {
  return header
    .split(",", mostWishes)
    .map((part) => {
      const [tag = "", ...parameters] = part.split(";").map((text) => text.trim());
      const quality = parameters.find((one) => one.startsWith("q="));
      return { tag, quality: quality ? Number(quality.slice(2)) || 0 : 1 };
    })
    .filter(({ tag, quality }) => quality > 0 && tag !== "*")
    .sort((one, other) => other.quality - one.quality)
    .map(({ tag }) => tag);
}
