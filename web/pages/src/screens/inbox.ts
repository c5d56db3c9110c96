import { copyButton } from "../form/copy-button.ts";
import { attributes, html } from "../html.ts";
import type { Html } from "../html.ts";
import type { PageContent } from "../layout.ts";
import type { View } from "../view.ts";

/** A message that a server in development shows in place of sending it. */
export interface InboxMessage {
  readonly id: string;
  readonly title: string;
  readonly recipient: string;
  readonly via: "email" | "sms";
  readonly at: Date;
  /** What it is made of, and how far it has come, in the words of the API. */
  readonly template: string;
  readonly status: string;
  /** What people look for in a message. */
  readonly code: string | undefined;
  readonly link: string | undefined;
  readonly text: string;
  /** Whether it is HTML as well, to be found at its own address. */
  readonly hasHtml: boolean;
}

const styles = (view: View): Html => html`<link rel="stylesheet" href="${view.asset("inbox.css")}">`;

/** All messages, the newest first. New ones appear by themselves; without a script the page looks again. */
export function drawInbox(view: View, messages: readonly InboxMessage[]): PageContent {
  const { words } = view;
  const items = messages.map((message) => html`<li data-id="${message.id}">${summary(view, message, true)}</li>`);
  const empty = html`<li class="empty hint">${words.text("inbox.empty")}</li>`;
  return {
    title: words.text("inbox.title"),
    wide: true,
    connects: true,
    head: html`${styles(view)}<noscript><meta http-equiv="refresh" content="3"></noscript>
<script type="module" src="${view.asset("inbox.js")}"></script>`,
    body: html`<p class="lead">${words.text("inbox.about")}</p>
<section class="part"><div class="forms"><ol id="messages" class="list mails" aria-live="polite">${items.length > 0 ? items : empty}</ol></div></section>`,
  };
}

/** One message, with all that it says. */
export function drawMessage(view: View, message: InboxMessage): PageContent {
  const { words } = view;
  const name = words.text("inbox.html");
  const shown =
    message.hasHtml &&
    html`<h2>${name}</h2>
<iframe${attributes({ sandbox: "allow-popups allow-popups-to-escape-sandbox", src: `${message.id}/html`, title: name })}></iframe>`;
  return {
    title: message.title,
    wide: true,
    frames: true,
    head: styles(view),
    above: html`<nav class="account" aria-label="${words.text("inbox.title")}"><ul><li><a href="${view.page("inbox")}">${words.text("inbox.title")}</a></li></ul></nav>`,
    body: html`<div class="mail">${summary(view, message, false)}</div>
${shown}
<h2>${words.text("inbox.text")}</h2>
<pre>${linked(message.text)}</pre>`,
  };
}

function summary(view: View, message: InboxMessage, isListed: boolean): Html {
  const { words } = view;
  const { id, title, recipient, via, at, template, status, code, link } = message;
  const about = words.text(via === "sms" ? "inbox.sms" : "inbox.mail", { recipient });
  const found = html`${code !== undefined && html`<code id="code-${id}">${code}</code>${copyButton(view, `code-${id}`)}`}
${link !== undefined && html`<a href="${link}" rel="noreferrer">${words.text("inbox.link")}</a>`}`;
  return html`${isListed && html`<a class="subject" href="${view.page(`inbox/messages/${id}`)}"><bdi>${title}</bdi></a>`}
<p class="hint"><bdi>${about}</bdi> · <time datetime="${at.toISOString()}">${words.moment(at)}</time> · <span lang="en" dir="ltr">${template} · ${status}</span></p>
${(code !== undefined || link !== undefined) && html`<p class="found">${found}</p>`}`;
}

/** A plain text in which addresses of the web can be followed. */
const linked = (text: string): readonly (Html | string)[] =>
  text
    .split(/(https?:\/\/[^\s<>"]+)/)
    .map((part, at) => (at % 2 ? html`<a href="${part}" rel="noreferrer">${part}</a>` : part));
