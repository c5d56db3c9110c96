import { show } from "./values.ts";
import { HtmlContext } from "./html/context.ts";

/** Takes what a template writes. */
export interface Writer {
  /** What stands in the template. */
  literal(text: string): void;
  /** What an action yields. */
  value(value: unknown): void;
  /** All of it. */
  text(): string;
}

/** Takes plain text. */
export function textWriter(most: number): Writer {
  const out = bounded(most);
  return { literal: out.add, value: (value) => out.add(show(value)), text: out.text };
}

/** Takes HTML, and escapes each value for the place where it comes to stand. */
export function htmlWriter(most: number): Writer {
  const out = bounded(most);
  const context = new HtmlContext();
  return {
    literal(text) {
      context.read(text);
      out.add(text);
    },
    value: (value) => out.add(context.escape(value)),
    text: out.text,
  };
}

function bounded(most: number) {
  const parts: string[] = [];
  let size = 0;
  return {
    add(text: string) {
      size += text.length;
      if (size > most) throw new Error(`it writes more than ${most} characters`);
      parts.push(text);
    },
    text: () => parts.join(""),
  };
}
