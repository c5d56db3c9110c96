import { html } from "../html.ts";
import type { PageContent } from "../layout.ts";
import type { View } from "../view.ts";

/** The form by which somebody signs out where an application has sent them, as any site could have. */
export interface SignOutForm {
  readonly action: string;
  /** What tells that the form is this browser's. */
  readonly xsrf: string;
}

/** Asks whether somebody wants to sign out. */
export const drawSignOut = ({ words }: View, { action, xsrf }: SignOutForm): PageContent => ({
  title: words.text("sign-out.title"),
  body: html`<p class="lead">${words.text("sign-out.lead")}</p>
<form method="post" action="${action}"><input type="hidden" name="xsrf" value="${xsrf}">
<div class="buttons"><button class="primary" name="logout" value="yes">${words.text("logout.link")}</button></div>
</form>`,
});
