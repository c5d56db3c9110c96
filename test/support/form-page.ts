import type { Json } from "./client.ts";

/** A page made of a flow: messages, and one form with its nodes, as the smallest user interface would draw it. */
export const formPage = ({ ui }: Json): string => html`
  ${raw((ui.messages ?? []).map(message).join(""))}
  <form action="${ui.action}" method="${ui.method}">${raw(ui.nodes.map(node).join("\n"))}</form>`;

function node({ attributes, messages, meta }: Json): string {
  const label = meta.label?.text ?? "";
  return draw(attributes, label) + messages.map(message).join("");
}

function draw(attributes: Json, label: string): string {
  switch (attributes.node_type) {
    case "input":
      return input(attributes, label);
    case "a":
      return html`<a href="${attributes.href}">${attributes.title.text}</a>`;
    case "img":
      return html`<img src="${attributes.src}" alt="${label}" />`;
    case "text":
      return html`<p>${label}</p><pre id="${attributes.id}">${attributes.text.text}</pre>`;
    case "script":
      return script(attributes);
    default:
      return "";
  }
}

const script = ({ src, type, async, crossorigin, integrity, nonce, referrerpolicy }: Json): string =>
  html`<script src="${src}" type="${type}" ${raw(async ? "async" : "")} crossorigin="${crossorigin}" integrity="${integrity}"
    nonce="${nonce}" referrerpolicy="${referrerpolicy}"></script>`;

function input({ name, type, value = "", required, disabled, onclick, autocomplete }: Json, label: string): string {
  const off = disabled ? "disabled" : "";
  const click = raw(onclick ? `onclick="${escaped(onclick)}"` : "");
  if (type === "submit" || type === "button")
    // The browser checks required fields, which a form with several methods would never pass.
    return html`<button name="${name}" type="${type}" value="${value}" formnovalidate ${off} ${click}>${label}</button>`;
  if (type === "checkbox") {
    const checked = value === true ? "checked" : "";
    return html`<label><input name="${name}" type="checkbox" value="true" ${checked} ${off} /> ${label}</label>`;
  }
  const more = raw(
    [required && "required", off, autocomplete && `autocomplete="${escaped(autocomplete)}"`].filter(Boolean).join(" "),
  );
  const field = html`<input name="${name}" type="${type}" value="${value}" ${more} />`;
  return type === "hidden" ? field : html`<label>${label} ${raw(field)}</label>`;
}

const message = ({ id, text }: Json) => html`<p class="message" data-id="${id}">${text}</p>`;

const verbatim = new WeakSet<object>();

/** Text that is HTML already. */
function raw(text: string): object {
  const marked = { toString: () => text };
  verbatim.add(marked);
  return marked;
}

/** HTML in which everything put in is escaped, but for what is marked as HTML. */
export const html = (parts: TemplateStringsArray, ...values: readonly unknown[]): string =>
  parts.reduce((text, part, at) => {
    const value = values[at - 1];
    const shown =
      typeof value === "object" && value !== null && verbatim.has(value) ? String(value) : escaped(String(value));
    return text + shown + part;
  });

const escaped = (text: string) =>
  text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");
