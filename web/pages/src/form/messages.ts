import { attributes, html, nothing } from "../html.ts";
import type { Html } from "../html.ts";
import type { Flow, Message } from "../flow.ts";
import type { View } from "../view.ts";

/** What a flow says as a whole. The browser goes there first where something is wrong that is no field's. */
export function messages(view: View, flow: Flow): Html {
  const said = flow.ui.messages ?? [];
  const failure = flow.ui.nodes.some(({ attributes }) => attributes.node_type === "script") && keyFailure(view);
  if (!said.length) return failure || nothing;
  const inFields = flow.ui.nodes.some((node) => node.messages.some(({ type }) => type === "error"));
  return html`<div class="messages">${said.map((message, at) => one(view, message, at === 0 && message.type === "error" && !inFields))}${failure}</div>`;
}

/** What is said where a ceremony of keys comes to nothing: the script shows it. */
const keyFailure = ({ words }: View): Html =>
  html`<p class="message error" id="key-error" role="alert" tabindex="-1" hidden>${words.text("keys.error")}</p>`;

const one = ({ words }: View, message: Message, focused: boolean): Html =>
  html`<p${attributes({
    class: `message ${message.type}`,
    role: message.type === "error" ? "alert" : "status",
    tabindex: focused ? "-1" : undefined,
    autofocus: focused,
    "data-message": message.id,
  })}>${words.say(message)}</p>`;

/** A message of the pages' own. */
export const notice = (type: Message["type"], text: string): Html =>
  html`<p${attributes({ class: `message ${type}`, role: type === "error" ? "alert" : "status" })}>${text}</p>`;
