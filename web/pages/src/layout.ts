import { attributes, html } from "./html.ts";
import type { Html } from "./html.ts";
import { languageCookies } from "./language-cookie.ts";
import { directionOf, languages } from "./languages.ts";
import { supportBanner } from "./support.ts";
import { themeFile } from "./theme.ts";
import type { Answer } from "./visit.ts";
import type { View } from "./view.ts";

/** What a page is made of. */
export interface PageContent {
  readonly title: string;
  /** What stands below the title, within `main`. */
  readonly body: Html;
  readonly status?: number;
  /** Wide enough for an account, or for a list. */
  readonly wide?: boolean;
  /** What stands between the logo and the title: where else one may go, say. */
  readonly above?: Html | undefined;
  /** More of the head. */
  readonly head?: Html | undefined;
  readonly cookies?: readonly string[] | undefined;
  /** Whether a script of the page calls the server. */
  readonly connects?: boolean;
  /** Whether it shows another page of the server within it. */
  readonly frames?: boolean;
}

/** Answers with a page: the frame that all of them share, and what no browser may do with it. */
export async function page(view: View, content: PageContent): Promise<Answer> {
  return {
    status: content.status ?? 200,
    headers: {
      "content-type": "text/html; charset=utf-8",
      "cache-control": "no-store",
      "content-security-policy": policy(content),
      "referrer-policy": "no-referrer",
      "cross-origin-opener-policy": "same-origin",
      "x-content-type-options": "nosniff",
      "x-frame-options": "DENY",
      "permissions-policy": "publickey-credentials-get=(self), publickey-credentials-create=(self)",
      "set-cookie": [...languageCookies(view), ...(content.cookies ?? [])],
    },
    body: `<!doctype html>\n${frame(view, content, await supportBanner(view)).text}`,
  };
}

/** Forms lead to the pages' own address alone, which sends on: browsers would judge every hop of a redirection by `form-action`. */
const policy = ({ connects, frames }: PageContent): string =>
  [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self' data: https:",
    ...(connects ? ["connect-src 'self'"] : []),
    ...(frames ? ["frame-src 'self'"] : []),
    "form-action 'self'",
    "frame-ancestors 'none'",
    "base-uri 'none'",
  ].join("; ");

function frame(view: View, { title, body, wide, above, head }: PageContent, banner: Html): Html {
  const { words, site } = view;
  const { name } = site.theme;
  return html`<html${attributes({ lang: words.language, dir: directionOf(words.language) })}>
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${title} · ${name}</title>
<link rel="icon" href="${site.theme.icon ?? view.asset("icon.svg")}">
<link rel="stylesheet" href="${view.asset("pages.css")}">
<link rel="stylesheet" href="${view.page(`assets/${themeFile(site.theme).name}`)}">
<noscript><link rel="stylesheet" href="${view.asset("noscript.css")}"></noscript>
<script type="module" src="${view.asset("pages.js")}"></script>
${head}
</head>
<body>
<a class="skip" href="#main">${words.text("skip")}</a>
${banner}
<div class="${wide ? "frame wide" : "frame"}">
<header class="brand">${brand(view)}</header>
${above}
<main id="main"${attributes({ class: wide ? "sheet" : "card" })}>
<h1>${title}</h1>
${body}
</main>
<footer class="foot">${languageMenu(view)}</footer>
</div>
</body>
</html>
`;
}

function brand({ site: { theme }, page: link }: View): Html {
  const { name, logo, logoDark } = theme;
  if (logo === undefined) return html`<a class="name" href="${link("welcome")}">${name}</a>`;
  return html`<a class="logo" href="${link("welcome")}"><picture>${logoDark !== undefined && html`<source${attributes({ srcset: logoDark, media: "(prefers-color-scheme: dark)" })}>`}<img${attributes({ src: logo, alt: name })}></picture></a>`;
}

function languageMenu({ words, offered, query }: View): Html {
  const link = (language: string) => {
    const changed = new URLSearchParams(query);
    changed.set("lang", language);
    return `?${changed}`;
  };
  const shown = (language: string) =>
    languages[language] ?? new Intl.DisplayNames([language], { type: "language" }).of(language) ?? language;
  return html`<details class="languages"><summary><span class="hint">${words.text("language")}: </span><span${attributes({ lang: words.language })}>${shown(words.language)}</span></summary>
<ul>${offered.map((language) => html`<li><a${attributes({ href: link(language), lang: language, hreflang: language, dir: directionOf(language), rel: "nofollow", "aria-current": language === words.language ? "true" : undefined })}>${shown(language)}</a></li>`)}</ul></details>`;
}
