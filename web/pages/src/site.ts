import type { Theme } from "./theme.ts";

/** What pages know of the site that they belong to. */
export interface Site {
  /** Where the public API is for browsers; ends in a slash. Pages are at `ui/` below it. */
  readonly baseUrl: string;
  readonly theme: Theme;
  /** The language of those who ask for none that there is. */
  readonly defaultLanguage: string;
  /** Texts in the place of the built-in ones, by language. */
  readonly translations: Readonly<Record<string, Readonly<Record<string, string>>>>;
  /** Which flows people may begin. */
  readonly registration: boolean;
  readonly recovery: boolean;
  readonly verification: boolean;
  /** Whether the mails of a development server can be read at `ui/inbox`. */
  readonly inbox: boolean;
  /** Whether people let applications into their accounts. */
  readonly applications: boolean;
}
