/** HTML that is put into a page as it is. */
export class Html {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }

  toString(): string {
    return this.text;
  }
}

/** What may stand in a template: what is neither HTML nor a list of it is escaped, and what is not there leaves nothing. */
export type Part = Html | string | number | false | null | undefined | readonly Part[];

/**
 * A template of HTML: everything put in is escaped, in attributes between quotes as well.
 *
 * @example
 * html`<a href="${link}">${label}</a>`;
 */
export function html(texts: TemplateStringsArray, ...parts: readonly Part[]): Html {
  let written = texts[0]!;
  for (let at = 0; at < parts.length; at++) written += write(parts[at]) + texts[at + 1]!;
  return new Html(written);
}

/** Nothing at all. */
export const nothing = new Html("");

/** The attributes of an element: those that are true stand alone, those that are not there are left out. */
export function attributes(all: Readonly<Record<string, string | number | boolean | null | undefined>>): Html {
  let written = "";
  for (const [name, value] of Object.entries(all)) {
    if (value === undefined || value === null || value === false) continue;
    written += value === true ? ` ${name}` : ` ${name}="${escape(String(value))}"`;
  }
  return new Html(written);
}

function write(part: Part): string {
  if (part === undefined || part === null || part === false) return "";
  if (part instanceof Html) return part.text;
  return Array.isArray(part) ? part.map(write).join("") : escape(String(part));
}

const special = /[&<>"']/g;
const escape = (text: string): string => text.replace(special, (char) => `&#${char.charCodeAt(0)};`);
