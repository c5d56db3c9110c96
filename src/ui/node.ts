import type { Message } from "./message.ts";

/** A part of a form, in the shape in which clients read it. */
export interface UiNode {
  readonly type: "input" | "text" | "img" | "a" | "script" | "div";
  readonly group: string;
  readonly attributes: Readonly<Record<string, unknown>>;
  readonly messages: readonly Message[];
  readonly meta: { readonly label?: Message };
}

/** What an input may say of itself beside its name. */
export interface InputOptions {
  readonly type: string;
  readonly value?: unknown;
  readonly required?: boolean;
  readonly disabled?: boolean;
  readonly autocomplete?: string;
  readonly pattern?: string;
  readonly maxlength?: number;
  readonly options?: readonly { readonly value: unknown }[];
  readonly onclick?: string;
  readonly onclickTrigger?: string;
  readonly onload?: string;
  readonly onloadTrigger?: string;
  readonly label?: Message | undefined;
}

/** An input. What is not said is left out, but for `disabled`. */
export function input(group: string, name: string, { label, ...said }: InputOptions): UiNode {
  const { required, disabled = false, ...rest } = said;
  const attributes = { name, ...rest, ...(required && { required }), disabled, node_type: "input" };
  return { type: "input", group, attributes, messages: [], meta: label ? { label } : {} };
}

/** An input that people do not see. */
export const hidden = (group: string, name: string, value: unknown, options: { required?: boolean } = {}): UiNode =>
  input(group, name, { type: "hidden", value, ...options });

/** A button that submits the form, saying what for. */
export const submitNode = (group: string, name: string, value: string, label: Message): UiNode =>
  input(group, name, { type: "submit", value, label });

/** A link. */
export const anchor = (group: string, id: string, href: string, label: Message): UiNode => ({
  type: "a",
  group,
  attributes: { href, title: label, id, node_type: "a" },
  messages: [],
  meta: { label },
});

/** The name of an input, or the id of anything else. */
export const nameOf = ({ attributes }: UiNode): string => String(attributes["name"] ?? attributes["id"] ?? "");

/** A text that people read. */
export const textNode = (group: string, id: string, text: Message, label: Message): UiNode => ({
  type: "text",
  group,
  attributes: { text, id, node_type: "text" },
  messages: [],
  meta: { label },
});

/** A picture; lengths in pixels. */
export const imageNode = (group: string, id: string, src: string, size: number, label: Message): UiNode => ({
  type: "img",
  group,
  attributes: { src, id, width: size, height: size, node_type: "img" },
  messages: [],
  meta: { label },
});
