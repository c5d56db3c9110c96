import { attributes, html } from "../html.ts";
import type { Html } from "../html.ts";
import { idOf, labelOf, messagesOf } from "./field.ts";
import { nameOf } from "../flow.ts";
import type { Node } from "../flow.ts";
import type { View } from "../view.ts";

/** How a button looks: what most people want, what one may do as well, what is beside the point, and what takes something away. */
export type Look = "primary" | "secondary" | "quiet" | "danger";

/** A button that submits a form, or starts a ceremony of keys. */
export function button(view: View, node: Node, look: Look): Html {
  const { type = "submit", value, disabled } = node.attributes;
  const scripted = type === "button";
  const own = {
    type,
    name: nameOf(node),
    value: value === undefined || value === null ? undefined : String(value),
    id: scripted ? idOf(node) : undefined,
    class: scripted ? `${look} needs-script` : look,
    disabled,
    // What a button asks for may be less than the whole form.
    formnovalidate: look !== "primary" && !scripted,
  };
  const label = node.group === "oidc" || node.group === "saml" ? provider(view, node) : html`${labelOf(view, node)}`;
  return html`<button${attributes(own)}>${label}</button>${messagesOf(view, node)}`;
}

/** Providers are known by their pictures: here by the first letter, since pictures of others are theirs. */
function provider(view: View, node: Node): Html {
  const { label } = node.meta;
  const said = String(label?.context?.["provider"] ?? "");
  const name = wellKnown[said] ?? said;
  const text = label
    ? view.words.say({ ...label, context: { ...label.context, provider: name } })
    : labelOf(view, node);
  return html`<span class="badge" aria-hidden="true">${[...(name || text)][0]?.toUpperCase()}</span><span>${text}</span>`;
}

/** How providers write themselves whose id is their label. */
const wellKnown: Readonly<Record<string, string>> = {
  apple: "Apple",
  auth0: "Auth0",
  discord: "Discord",
  facebook: "Facebook",
  github: "GitHub",
  gitlab: "GitLab",
  google: "Google",
  linkedin: "LinkedIn",
  microsoft: "Microsoft",
  slack: "Slack",
  spotify: "Spotify",
  twitch: "Twitch",
  x: "X",
};
