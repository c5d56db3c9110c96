import { Escaped, show } from "../values.ts";
import { type AttributeKind, kindOfAttribute } from "./attributes.ts";
import { escapeInCss } from "./css.ts";
import { escapeHtml } from "./escape.ts";
import { escapeInImageList, escapeInLink, escapeInRefresh, withValue } from "./link.ts";
import { HtmlPlace } from "./place.ts";
import { escapeInScript } from "./script.ts";

/** Knows where in an HTML document its reader is, and what is safe there. */
export class HtmlContext extends HtmlPlace {
  /** A value as it may stand here, and has been read. Throws where no value may stand. */
  escape(given: unknown): string {
    const value = given instanceof Escaped && (given.by === "html" || this.#isInQuery()) ? given.text : given;
    const text = show(value);
    switch (this.place) {
      case "text":
      case "comment":
        return this.#markup(text);
      case "raw":
        return this.#escapeInRaw(value, text);
      case "value":
        return this.#escapeInValue(value, text);
      default:
        return this.#escapeInTag(text);
    }
  }

  /** The dashes of a value could end a comment together with those of the template. */
  #markup(text: string): string {
    return this.hidden || this.place === "comment" ? escapeHtml(text).replaceAll("-", "&#45;") : escapeHtml(text);
  }

  #escapeInValue(value: unknown, text: string): string {
    const kind = this.#kind();
    const safe = this.#forAttribute(kind, value, text);
    // A link is judged by what it says, a program and a style by what is written.
    this.inside = withValue(this.inside, kind === "program" || kind === "style" ? safe : text);
    if (this.quote) return this.#markup(safe);
    // Without quotes a space would end the value, and of nothing the next attribute would be made.
    return safe === "" && this.inside.written === ""
      ? '""'
      : this.#markup(safe).replace(/[\s=]/g, (sign) => `&#${sign.charCodeAt(0)};`);
  }

  #kind(): AttributeKind {
    return kindOfAttribute(this.attribute, this.element);
  }

  #forAttribute(kind: AttributeKind, value: unknown, text: string): string {
    switch (kind) {
      case "program":
        return escapeInScript(value, text, this.inside.written);
      case "style":
        return escapeInCss(text, this.inside.written);
      case "images":
        return escapeInImageList(text, this.inside);
      case "link":
        return escapeInLink(text, this.inside);
      case "refresh":
        return escapeInRefresh(text, this.inside);
      case "document":
        return escapeHtml(text);
      default:
        return text;
    }
  }

  #escapeInRaw(value: unknown, text: string): string {
    if (this.element === "title" || this.element === "textarea") return this.#markup(text);
    const safe =
      this.element === "style"
        ? escapeInCss(text, this.inside.written)
        : escapeInScript(value, text, this.inside.written);
    this.inside = withValue(this.inside, safe);
    return safe;
  }

  #isInQuery(): boolean {
    return this.place === "value" && this.#kind() === "link" && this.inside.query;
  }

  /** A part of a name: no more than what can do nothing. */
  #escapeInTag(text: string): string {
    if (!this.#fitsInTag(text)) throw new Error("this value cannot stand within a tag, but for an attribute's value");
    if (this.place === "name") this.element += text;
    else {
      this.attribute = text.toLowerCase();
      this.place = "attribute";
    }
    return text;
  }

  #fitsInTag(text: string): boolean {
    if (this.place === "name") return /^\d+$/.test(text) && /^[a-z]/.test(this.element);
    return (
      this.place === "tag" &&
      /^[a-z][a-z0-9-]*$/i.test(text) &&
      kindOfAttribute(text.toLowerCase(), this.element) === "plain"
    );
  }
}
