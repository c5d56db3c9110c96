import { html } from "../html.ts";
import type { Html } from "../html.ts";
import type { Flow, Kind } from "../flow.ts";
import type { View } from "../view.ts";

/** A question, and the page that answers it: "No account yet? Sign up". */
export const otherwise = (question: string, link: string, label: string): Html =>
  html`<p class="otherwise">${question && html`<span>${question}</span> `}<a href="${link}">${label}</a></p>`;

/** Where a flow of a kind begins, which leads to the same place as the one at hand. */
export function beginLink(
  view: View,
  kind: Kind,
  { return_to, oauth2_login_challenge: challenge }: Pick<Flow, "return_to" | "oauth2_login_challenge"> = {},
  more: Readonly<Record<string, string>> = {},
): string {
  const signsIn = kind === "login" || kind === "registration";
  const query = new URLSearchParams({
    ...(return_to && { return_to }),
    ...(signsIn && challenge && { login_challenge: challenge }),
    ...more,
  }).toString();
  return view.page(query ? `${kind}?${query}` : kind);
}
