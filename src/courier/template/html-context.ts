import { escapeHtml } from "../escape-html.ts";
import { show } from "./values.ts";

/** Knows where in an HTML document its reader is, and what is safe there. */
export interface HtmlContext {
  read(text: string): void;
  isText(): boolean;
  /** A value as it may stand here. Throws where no value may stand. */
  escape(value: unknown): string;
}

type Place = "text" | "tag" | "attribute" | "value" | "comment" | "raw";

const links = new Set(["href", "src", "action", "formaction", "cite", "poster", "background", "data", "xlink:href", "longdesc"]);
const rawElements = new Set(["script", "style", "title", "textarea"]);
const safeCss = /^[\p{L}\p{N}\s#%.,_-]*$/u;
const refused = "#unsafe";

/** Reads HTML from its beginning, as far as it takes to know what a value in the midst of it can do. */
export function createHtmlContext(): HtmlContext {
  let place: Place = "text";
  let element = "";
  let attribute = "";
  let quote = "";
  let written = "";

  function read(text: string): void {
    for (let at = 0; at < text.length; ) at = step(text, at);
  }

  function step(text: string, at: number): number {
    const rest = text.slice(at);
    const take = (pattern: RegExp) => pattern.exec(rest)?.[0] ?? "";
    switch (place) {
      case "text":
        return readText(rest, at);
      case "comment":
        return ends(rest, "-->", at, () => (place = "text"));
      case "raw": {
        const end = rest.toLowerCase().indexOf(`</${element}`);
        if (end < 0) return at + rest.length;
        element = "";
        place = "tag";
        return at + end + 2;
      }
      case "tag": {
        if (rest.startsWith(">")) {
          place = rawElements.has(element) ? "raw" : "text";
          return at + 1;
        }
        const name = take(/^[^\s=>/]+/).toLowerCase();
        if (name) {
          attribute = name;
          place = "attribute";
        }
        return at + (name.length || 1);
      }
      case "attribute": {
        const more = take(/^[^\s=>/]+/);
        if (more) {
          attribute += more.toLowerCase();
          return at + more.length;
        }
        const equals = /^\s*=\s*(["']?)/.exec(rest);
        if (!equals) {
          place = "tag";
          return rest.startsWith(">") ? at : at + 1;
        }
        quote = equals[1]!;
        written = "";
        place = "value";
        return at + equals[0].length;
      }
      case "value":
        return readValue(rest, at);
    }
  }

  function readText(rest: string, at: number): number {
    const open = rest.indexOf("<");
    if (open < 0) return at + rest.length;
    const tail = rest.slice(open);
    if (tail.startsWith("<!--")) {
      place = "comment";
      return at + open + 4;
    }
    const tag = /^<\/?([a-zA-Z][^\s/>]*)/.exec(tail);
    // A value would become the element's name.
    if (/^<[/!]?$/.test(tail)) {
      place = "tag";
      return at + rest.length;
    }
    if (!tag) return at + open + 1;
    element = tail.startsWith("</") ? "" : tag[1]!.toLowerCase();
    place = "tag";
    return at + open + tag[0].length;
  }

  function readValue(rest: string, at: number): number {
    const end = quote ? rest.indexOf(quote) : rest.search(/[\s>]/);
    const inside = end < 0 ? rest : rest.slice(0, end);
    written += inside;
    if (end < 0) return at + rest.length;
    place = "tag";
    return at + end + (quote ? 1 : 0);
  }

  function escapeInValue(text: string): string {
    if (attribute.startsWith("on")) throw new Error(`a value cannot stand in the attribute ${attribute}, which is a program`);
    if (attribute === "style") return safeCss.test(text) ? escapeHtml(text) : refused;
    const safe = links.has(attribute) ? link(text, written === "") : text;
    // Without quotes a space would end the value.
    return quote ? escapeHtml(safe) : escapeHtml(safe).replace(/[\s=]/g, (sign) => `&#${sign.charCodeAt(0)};`);
  }

  return {
    read,
    isText: () => place === "text",
    escape(value) {
      const text = show(value);
      switch (place) {
        case "text":
          return escapeHtml(text);
        case "raw":
          if (element === "title" || element === "textarea") return escapeHtml(text);
          if (element === "style" && safeCss.test(text)) return text;
          throw new Error(`this value cannot stand in <${element}>`);
        case "value":
          return escapeInValue(text);
        case "comment":
          return "";
        default:
          throw new Error("a value cannot stand within a tag, but for an attribute's value");
      }
    },
  };
}

function ends(rest: string, sign: string, at: number, then: () => void): number {
  const end = rest.indexOf(sign);
  if (end < 0) return at + rest.length;
  then();
  return at + end + sign.length;
}

/** A part of a URL: whole ones lead to the web, to mail or a phone, and never run a program. */
function link(text: string, begins: boolean): string {
  // oxlint-disable-next-line no-control-regex
  const bare = text.replace(/[\u0000-\u0020]/g, "");
  if (begins && /^[^/?#]*:/.test(bare) && !/^(?:https?|mailto|tel):/i.test(bare)) return refused;
  return text.replace(/[\s"'<>`{}|\\^]/g, (sign) => encodeURIComponent(sign).replace("'", "%27"));
}
