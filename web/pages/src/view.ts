import type { Flow } from "./flow.ts";
import { chooseLanguage, languageCookie, languages } from "./languages.ts";
import type { Answer, Question, Visit } from "./visit.ts";
import { wordsOf } from "./words.ts";
import type { Texts, Words } from "./words.ts";

/** A visit, and what is needed to answer it. */
export interface View extends Visit {
  readonly words: Words;
  /** The languages that somebody may choose. */
  readonly offered: readonly string[];
  /** A link to one of the pages, from the one at hand. */
  page(path: string): string;
  /** A link to the public API. */
  api(path: string): string;
  /** The name of an asset as browsers find it. */
  asset(name: string): string;
  readonly assets: Assets;
}

/** What browsers load beside a page. */
export interface Assets {
  /** The name under which browsers may keep a file for ever: it tells what is in it. */
  nameOf(file: string): string;
}

/** Finds out what a visitor speaks. */
export function viewOf(visit: Visit, builtIn: (language: string) => Texts, assets: Assets): View {
  const { site } = visit;
  const own = (language: string): Texts =>
    Object.hasOwn(site.translations, language) ? site.translations[language]! : {};
  const offered = [...new Set([...Object.keys(languages), ...Object.keys(site.translations)])];
  const language = chooseLanguage(
    (one) => offered.includes(one),
    {
      query: visit.query.get("lang"),
      cookie: cookieOf(visit, languageCookie),
      accepted: visit.header("accept-language"),
    },
    site.defaultLanguage,
  );
  const up = visit.home ?? "../".repeat(visit.path.split("/").length - 1);
  return {
    ...visit,
    words: wordsOf(language, own(language), builtIn(language), own("en"), builtIn("en")),
    offered,
    assets,
    page: (path) => `${up}${path}`,
    api: (path) => `${up}../${path}`,
    asset: (name) => `${up}assets/${assets.nameOf(name)}`,
  };
}

/** A cookie of the visitor's. */
export function cookieOf(visit: Pick<Visit, "header">, name: string): string | undefined {
  for (const pair of (visit.header("cookie") ?? "").split(";")) {
    const mark = pair.indexOf("=");
    if (mark > 0 && pair.slice(0, mark).trim() === name) return pair.slice(mark + 1).trim();
  }
  return undefined;
}

/** What the REST API answers with. */
export interface Told<Body> {
  readonly status: number;
  readonly body: Body | undefined;
  readonly error: ApiError | undefined;
  readonly cookies: readonly string[];
}

/** An error of the REST API. */
export interface ApiError {
  readonly id?: string;
  readonly code: number;
  readonly message: string;
  readonly reason?: string;
  readonly redirectTo?: string;
}

/** Asks the REST API for JSON. */
export async function askJson<Body = Flow>(view: Visit, question: Question): Promise<Told<Body>> {
  const reply = await view.ask({ ...question, headers: { ...question.headers, accept: "application/json" } });
  const { status, cookies } = reply;
  const body = parse(reply.text) as (Body & ErrorEnvelope) | undefined;
  return status < 400
    ? { status, body, error: undefined, cookies }
    : { status, body: undefined, error: errorOf(status, body), cookies };
}

interface ErrorEnvelope {
  readonly error?: {
    readonly id?: string;
    readonly code?: number;
    readonly message?: string;
    readonly reason?: string;
  };
  readonly redirect_browser_to?: string;
}

/** Reads the envelope of an error. */
export function errorOf(status: number, body: unknown): ApiError {
  const { error, redirect_browser_to: redirectTo } = (body ?? {}) as ErrorEnvelope;
  return {
    code: error?.code ?? status,
    message: error?.message ?? "",
    ...(error?.id !== undefined && { id: error.id }),
    ...(error?.reason !== undefined && { reason: error.reason }),
    ...(redirectTo !== undefined && { redirectTo }),
  };
}

/** The JSON of a body, if it is some. */
export function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Sends a browser elsewhere. */
export const redirect = (location: string, cookies: readonly string[] = []): Answer => ({
  status: 303,
  headers: { location, "cache-control": "no-store", "set-cookie": cookies },
});
