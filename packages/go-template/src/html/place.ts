import { unescapeHtml } from "./escape.ts";
import { type LinkSoFar, noLink, withFixed } from "./link.ts";

/**
 * Where in a document: in its text, in the name of an element, between its attributes, in the name or the value of one, in a comment, or
 * in an element whose text is no markup.
 */
export type Place = "text" | "name" | "tag" | "attribute" | "value" | "comment" | "raw";

/** What stands in place of an element's name where one ends: text follows. */
const closing = "/";
const rawElements = new Set(["script", "style", "title", "textarea"]);

/** Reads HTML from its beginning, as far as it takes to know where it is. */
export class HtmlPlace {
  protected place: Place = "text";
  protected element = "";
  protected attribute = "";
  protected quote = "";
  /** What is written of the attribute's value, or in the element whose text is no markup. */
  protected inside: LinkSoFar = noLink;
  /** Whether it is a comment to all but Outlook. */
  protected hidden = false;

  /** Reads on in what the template itself says. */
  read(text: string): void {
    for (let at = 0; at < text.length;) at += this.#step(text.slice(at));
  }

  /** Reads the next piece, and tells its length. */
  #step(rest: string): number {
    switch (this.place) {
      case "text":
        return this.#readText(rest);
      case "comment":
        return this.#readComment(rest);
      case "raw":
        return this.#readRaw(rest);
      case "name":
        return this.#readName(rest);
      case "tag":
        return this.#readTag(rest);
      case "attribute":
        return this.#readAttribute(rest);
      case "value":
        return this.#readValue(rest);
    }
  }

  #readText(rest: string): number {
    const open = rest.indexOf("<");
    if (this.hidden && rest.slice(0, open < 0 ? undefined : open).includes("-->")) this.hidden = false;
    return open < 0 ? rest.length : open + this.#readMarkup(rest.slice(open));
  }

  #readMarkup(rest: string): number {
    // Outlook reads as markup what stands in such a comment; to all others it is one, which no value can end.
    const passing = /^<!--\[if [^\]]*\]>|^<!--?-?>/.exec(rest)?.[0];
    if (passing) {
      this.hidden = passing.endsWith("]>");
      return passing.length;
    }
    if (rest.startsWith("<!--")) {
      this.place = "comment";
      return 4;
    }
    const begun = /^<(?:$|\/$|!$|\/?[a-zA-Z])/.exec(rest)?.[0];
    if (begun === undefined) return 1;
    this.place = "name";
    this.element = /^<[a-zA-Z]?$/.test(begun) ? begun.slice(1).toLowerCase() : closing;
    return begun.length;
  }

  #readName(rest: string): number {
    const more = /^[^\s/>]*/.exec(rest)![0];
    this.element += more.toLowerCase();
    if (more.length < rest.length) this.place = "tag";
    return more.length;
  }

  #readRaw(rest: string): number {
    const end = rest.toLowerCase().indexOf(`</${this.element}`);
    this.inside = withFixed(this.inside, end < 0 ? rest : "");
    if (end < 0) return rest.length;
    this.element = closing;
    this.place = "tag";
    return end + 2;
  }

  #readComment(rest: string): number {
    const end = rest.indexOf("-->");
    if (end < 0) return rest.length;
    this.place = "text";
    return end + 3;
  }

  #readTag(rest: string): number {
    if (rest.startsWith(">")) {
      this.place = rawElements.has(this.element) ? "raw" : "text";
      this.inside = noLink;
      return 1;
    }
    const name = /^[^\s=>/]+/.exec(rest)?.[0];
    if (name === undefined) return 1;
    this.attribute = name.toLowerCase();
    this.place = "attribute";
    return name.length;
  }

  #readAttribute(rest: string): number {
    const more = /^[^\s=>/]+/.exec(rest)?.[0];
    if (more !== undefined) {
      this.attribute += more.toLowerCase();
      return more.length;
    }
    const equals = /^\s*=\s*(["']?)/.exec(rest);
    if (!equals) {
      this.place = "tag";
      return rest.startsWith(">") ? 0 : 1;
    }
    this.quote = equals[1]!;
    this.place = "value";
    this.inside = noLink;
    return equals[0].length;
  }

  #readValue(rest: string): number {
    const end = this.quote ? rest.indexOf(this.quote) : rest.search(/[\s>]/);
    this.inside = withFixed(this.inside, unescapeHtml(end < 0 ? rest : rest.slice(0, end)));
    if (end < 0) return rest.length;
    this.place = "tag";
    return end + (this.quote ? 1 : 0);
  }
}
