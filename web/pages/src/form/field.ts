import { attributes, html } from "../html.ts";
import type { Html } from "../html.ts";
import { nameOf } from "../flow.ts";
import type { Message, Node } from "../flow.ts";
import type { View } from "../view.ts";

/** How a field stands in its form. */
export interface FieldOptions {
  /** Whether the browser goes there first. */
  readonly focused?: boolean | undefined;
  /** What stands beside the label. */
  readonly aside?: Html | undefined;
  /** The value in the place of the node's. */
  readonly value?: string | undefined;
}

/** A field with its label, and what is wrong with it. */
export function field(view: View, node: Node, { focused, aside, value }: FieldOptions = {}): Html {
  const { attributes: said } = node;
  const name = nameOf(node);
  const id = idOf(node);
  const label = labelOf(view, node);
  const wrong = node.messages.some(({ type }) => type === "error");
  const own = {
    id,
    name,
    required: said.required,
    disabled: said.disabled,
    autofocus: focused,
    "aria-invalid": wrong ? "true" : undefined,
    "aria-describedby": node.messages.length ? `${id}-told` : undefined,
  };
  const told = messagesOf(view, node, `${id}-told`);
  if (said.type === "checkbox") return checkbox(label, own, said.value, told);
  const control = said.options
    ? choice(view, said.options, said.value, own)
    : html`<input${attributes({ ...own, ...inputOf(node), ...(value !== undefined && { value }), ...standing(node) })}>`;
  return html`<div class="field"><div class="label"><label for="${id}">${label}${!said.required && said.autocomplete === undefined && name.startsWith("traits.") && html` <span class="optional">${view.words.text("optional")}</span>`}</label>${aside}</div>
${said.type === "password" ? html`<div class="secret">${control}<button type="button" class="reveal needs-script" data-reveal="${id}" aria-pressed="false">${view.words.text("show")}</button></div>` : control}
${told}</div>`;
}

/** A text that stands firm can be read, copied, and found by who cannot see it, as one that is disabled cannot. */
const standing = ({ attributes: { disabled, value } }: Node) =>
  disabled && typeof value === "string" ? { disabled: undefined, readonly: true } : {};

const codeNames = new Set(["code", "totp_code"]);

/** What kind of input it is, and what browsers may fill in. */
function inputOf(node: Node) {
  const { type = "text", value, autocomplete, maxlength } = node.attributes;
  const name = nameOf(node);
  if (codeNames.has(name))
    return {
      type: "text",
      inputmode: "numeric",
      dir: "ltr",
      autocomplete: "one-time-code",
      maxlength: maxlength ?? 12,
      spellcheck: "false",
      "data-code": true,
      class: "code",
      value: text(value),
    };
  if (name === "lookup_secret")
    return { type: "text", autocomplete: "off", spellcheck: "false", autocapitalize: "off", value: text(value) };
  const plain = name === "identifier" || type === "email";
  return {
    type: type === "datetime-local" ? "text" : type,
    value: type === "password" ? undefined : text(value),
    autocomplete: autocomplete ?? guessed(name, type),
    maxlength,
    step: type === "number" ? "any" : undefined,
    ...(/^(email|tel|url)$/.test(type) && { dir: "ltr" }),
    ...(plain && { spellcheck: "false", autocapitalize: "none" }),
  };
}

/** What a field asks for by its name, in the words of WCAG 2.2, 1.3.5. */
function guessed(name: string, type: string): string | undefined {
  if (type === "email") return "email";
  if (type === "tel") return "tel";
  const last = name.split(".").at(-1)!.toLowerCase().replaceAll(/[_-]/g, "");
  return tokens[last];
}

const tokens: Readonly<Record<string, string>> = {
  first: "given-name",
  firstname: "given-name",
  givenname: "given-name",
  last: "family-name",
  lastname: "family-name",
  familyname: "family-name",
  name: "name",
  fullname: "name",
  nickname: "nickname",
  username: "username",
  phone: "tel",
  company: "organization",
  street: "street-address",
  city: "address-level2",
  zip: "postal-code",
  postalcode: "postal-code",
  country: "country-name",
  birthday: "bday",
  website: "url",
};

const text = (value: unknown): string | undefined =>
  value === undefined || value === null ? undefined : Array.isArray(value) ? value.join(", ") : String(value);

type Own = Parameters<typeof attributes>[0];

/** A box that sends `false` where it is not checked. */
const checkbox = (label: string, own: Own, value: unknown, told: Html): Html =>
  html`<div class="field check"><input${attributes({ type: "hidden", name: own["name"], value: "false", disabled: own["disabled"] })}><label><input${attributes({ ...own, required: undefined, type: "checkbox", value: "true", checked: value === true || value === "true" })}> <span>${label}</span></label>${told}</div>`;

function choice(view: View, options: NonNullable<Node["attributes"]["options"]>, chosen: unknown, own: Own): Html {
  const none = html`<option value="">${own["required"] ? view.words.text("choose") : "–"}</option>`;
  return html`<select${attributes(own)}>${none}${options.map(
    ({ value, label }) =>
      html`<option${attributes({ value: String(value), selected: value === chosen })}>${label ? view.words.say(label) : String(value)}</option>`,
  )}</select>`;
}

/** What a field is called. */
export function labelOf({ words }: View, node: Node): string {
  const name = nameOf(node);
  const { label } = node.meta;
  return words.label(name) ?? (label ? words.say(label) : name.split(".").at(-1)!);
}

/** The id of a node's element. */
export const idOf = (node: Node): string => `${node.group}-${nameOf(node)}`.replaceAll(/[^\w-]/g, "-");

/** What is said of a node. */
export const messagesOf = (view: View, node: Node, id?: string): Html =>
  node.messages.length
    ? html`<div${attributes({ id, class: "told", role: node.messages.some(isError) ? "alert" : undefined })}>${node.messages.map(
        (message) =>
          html`<p${attributes({ class: message.type, "data-message": message.id })}>${view.words.say(message)}</p>`,
      )}</div>`
    : html``;

const isError = ({ type }: Message) => type === "error";
