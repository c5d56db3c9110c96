import { escapeHtml } from "./escape.ts";
import { escapeInCss } from "./css.ts";
import { escapeInImageList, escapeInLink, noLink, withFixed, withValue } from "./link.ts";
import { escapeInScript } from "./script.ts";
import { kindOfAttribute } from "./attributes.ts";
import { Escaped, show } from "../values.ts";

/** Knows where in an HTML document its reader is, and what is safe there. */
export interface HtmlContext {
  /** Reads on in what the template itself says. */
  read(text: string): void;
  /** A value as it may stand here, and has been read. Throws where no value may stand. */
  escape(value: unknown): string;
}

type Place = "text" | "name" | "tag" | "attribute" | "value" | "comment" | "raw";

const closing = "/";
const rawElements = new Set(["script", "style", "title", "textarea"]);

/** Reads HTML from its beginning, as far as it takes to know what a value in the midst of it can do. */
export function createHtmlContext(): HtmlContext {
  let place: Place = "text";
  let element = "";
  let attribute = "";
  let quote = "";
  /** What is written of the attribute's value, or in the element whose text is no markup. */
  let inside = noLink;
  /** Whether it is a comment to all but Outlook. */
  let hidden = false;

  function read(text: string): void {
    for (let at = 0; at < text.length; ) at += step(text.slice(at));
  }

  /** Reads the next piece, and tells its length. */
  function step(rest: string): number {
    switch (place) {
      case "text":
        return readText(rest);
      case "comment":
        return readUntil(rest, "-->", "text");
      case "raw":
        return readRaw(rest);
      case "name":
        return readName(rest);
      case "tag":
        return readTag(rest);
      case "attribute":
        return readAttribute(rest);
      case "value":
        return readValue(rest);
    }
  }

  function readText(rest: string): number {
    const open = rest.indexOf("<");
    if (hidden && rest.slice(0, open < 0 ? undefined : open).includes("-->")) hidden = false;
    if (open < 0) return rest.length;
    const tail = rest.slice(open);
    // Outlook reads as markup what stands in such a comment; to all others it is one, which no value can end.
    const passing = /^<!--\[if [^\]]*\]>|^<!--?-?>/.exec(tail)?.[0];
    if (passing) {
      hidden = passing.endsWith("]>");
      return open + passing.length;
    }
    if (tail.startsWith("<!--")) {
      place = "comment";
      return open + 4;
    }
    const begun = /^<(?:$|\/$|!$|\/?[a-zA-Z])/.exec(tail)?.[0];
    if (begun === undefined) return open + 1;
    // Text follows the end of any element.
    [place, element] = ["name", /^<[a-zA-Z]?$/.test(begun) ? begun.slice(1).toLowerCase() : closing];
    return open + begun.length;
  }

  function readName(rest: string): number {
    const more = /^[^\s/>]*/.exec(rest)![0];
    element += more.toLowerCase();
    if (more.length < rest.length) place = "tag";
    return more.length;
  }

  function readRaw(rest: string): number {
    const end = rest.toLowerCase().indexOf(`</${element}`);
    inside = withFixed(inside, end < 0 ? rest : "");
    if (end < 0) return rest.length;
    [element, place] = [closing, "tag"];
    return end + 2;
  }

  function readUntil(rest: string, sign: string, then: Place): number {
    const end = rest.indexOf(sign);
    if (end < 0) return rest.length;
    place = then;
    return end + sign.length;
  }

  function readTag(rest: string): number {
    if (rest.startsWith(">")) {
      place = rawElements.has(element) ? "raw" : "text";
      inside = noLink;
      return 1;
    }
    const name = /^[^\s=>/]+/.exec(rest)?.[0];
    if (name === undefined) return 1;
    [attribute, place] = [name.toLowerCase(), "attribute"];
    return name.length;
  }

  function readAttribute(rest: string): number {
    const more = /^[^\s=>/]+/.exec(rest)?.[0];
    if (more !== undefined) {
      attribute += more.toLowerCase();
      return more.length;
    }
    const equals = /^\s*=\s*(["']?)/.exec(rest);
    if (!equals) {
      place = "tag";
      return rest.startsWith(">") ? 0 : 1;
    }
    [quote, place, inside] = [equals[1]!, "value", noLink];
    return equals[0].length;
  }

  function readValue(rest: string): number {
    const end = quote ? rest.indexOf(quote) : rest.search(/[\s>]/);
    // An escaped sign is neither the beginning of a fragment nor of a query.
    inside = withFixed(inside, (end < 0 ? rest : rest.slice(0, end)).replace(/&#?\w+;/g, "_"));
    if (end < 0) return rest.length;
    place = "tag";
    return end + (quote ? 1 : 0);
  }

  /** The dashes of a value could end a comment together with those of the template. */
  const markup = (text: string): string => (hidden || place === "comment" ? escapeHtml(text).replaceAll("-", "&#45;") : escapeHtml(text));

  function escapeInValue(value: unknown, text: string): string {
    const safe = forAttribute(value, text);
    inside = withValue(inside, text);
    if (quote) return markup(safe);
    // Without quotes a space would end the value, and of nothing the next attribute would be made.
    return safe === "" && inside.written === "" ? '""' : markup(safe).replace(/[\s=]/g, (sign) => `&#${sign.charCodeAt(0)};`);
  }

  function forAttribute(value: unknown, text: string): string {
    switch (kindOfAttribute(attribute)) {
      case "program":
        return escapeInScript(value, text, inside.written);
      case "style":
        return escapeInCss(text, inside.written);
      case "images":
        return escapeInImageList(text, inside);
      case "link":
        return escapeInLink(text, inside);
      case "document":
        return escapeHtml(text);
      default:
        return text;
    }
  }

  function escapeInRaw(value: unknown, text: string): string {
    if (element === "title" || element === "textarea") return markup(text);
    const safe = element === "style" ? escapeInCss(text, inside.written) : escapeInScript(value, text, inside.written);
    inside = withValue(inside, safe);
    return safe;
  }

  const isInQuery = (): boolean => place === "value" && kindOfAttribute(attribute) === "link" && inside.query;

  /** A part of a name: no more than what can do nothing. */
  function escapeInTag(text: string): string {
    const fits = place === "name" ? /^\d+$/.test(text) && /^[a-z]/.test(element) : place === "tag" && /^[a-z][a-z0-9-]*$/i.test(text) && kindOfAttribute(text.toLowerCase()) === "plain";
    if (!fits) throw new Error("this value cannot stand within a tag, but for an attribute's value");
    if (place === "name") element += text;
    else [attribute, place] = [text.toLowerCase(), "attribute"];
    return text;
  }

  return {
    read,
    escape(given) {
      const value = given instanceof Escaped && (given.by === "html" || isInQuery()) ? given.text : given;
      const text = show(value);
      switch (place) {
        case "text":
        case "comment":
          return markup(text);
        case "raw":
          return escapeInRaw(value, text);
        case "value":
          return escapeInValue(value, text);
        default:
          return escapeInTag(text);
      }
    },
  };
}
