import { html } from "../html.ts";
import type { Html } from "../html.ts";
import type { View } from "../view.ts";

/** Copies what an element of the page says. */
export const copyButton = ({ words }: View, id: string): Html =>
  html`<button type="button" class="quiet needs-script" data-copy="${id}" data-done="${words.text("copied")}">${words.text("copy")}</button>`;
