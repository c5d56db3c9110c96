import { escapeHtml } from "#go-template";
import type { CourierMessage } from "../courier/entities.ts";
import { codeIn, linkIn } from "./content.ts";
import { inboxPath } from "./paths.ts";

/** A page of the inbox around what is in it. */
export const pageAround = (title: string, main: string, { refreshes = false } = {}): string => `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${escapeHtml(title)}</title>
<link rel="stylesheet" href="${inboxPath}/inbox.css">
${refreshes ? '<noscript><meta http-equiv="refresh" content="3"></noscript>\n' : ""}<script type="module" src="${inboxPath}/inbox.js"></script>
</head>
<body>
<header><a href="${inboxPath}">Inbox</a><p>What people would get by mail and text message, in development.</p></header>
${main}
</body>
</html>
`;

/** The list of messages. */
export function listPage(messages: readonly CourierMessage[]): string {
  const empty = '<p class="empty">Nothing has been sent yet. New messages appear by themselves.</p>';
  const items = messages.map(itemOf).join("\n") || empty;
  return pageAround("Inbox", `<main><h1>Messages</h1><ol id="messages" aria-live="polite">${items}</ol></main>`, {
    refreshes: true,
  });
}

const itemOf = (message: CourierMessage): string => `<li data-id="${message.id}">
<a class="subject" href="${pathOf(message)}">${escapeHtml(titleOf(message))}</a>
<p class="quiet">${aboutOf(message)}</p>
${essenceOf(message)}
</li>`;

/** A message with all that it says. */
export function messagePage(message: CourierMessage): string {
  const shown =
    message.htmlBody === null
      ? ""
      : `<h2>As HTML</h2>
<iframe sandbox="allow-popups allow-popups-to-escape-sandbox" src="${pathOf(message)}/html" title="The message as HTML"></iframe>`;
  const main = `<main>
<h1>${escapeHtml(titleOf(message))}</h1>
<p class="quiet">${aboutOf(message)}</p>
${essenceOf(message)}
${shown}
<h2>As text</h2>
<pre>${linked(message.body)}</pre>
</main>`;
  return pageAround(titleOf(message), main);
}

const pathOf = ({ id }: CourierMessage): string => `${inboxPath}/messages/${id}`;

const titleOf = ({ subject, body }: CourierMessage): string => subject || body.split("\n", 1)[0]!.slice(0, 120);

function aboutOf({ recipient, createdAt, templateType, type, status }: CourierMessage): string {
  const when = createdAt.toISOString();
  const kind = type === "sms" ? "Text message" : "Mail";
  const written = when.slice(0, 19).replace("T", " ");
  return `${kind} to <b>${escapeHtml(recipient)}</b> · <time datetime="${when}">${written} UTC</time> · ${escapeHtml(templateType)} · ${status}`;
}

/** What people look for in a message: its code, and where its link leads. */
function essenceOf(message: CourierMessage): string {
  const code = codeIn(message);
  const link = linkIn(message);
  const parts = [
    code &&
      `<code>${escapeHtml(code)}</code> <button type="button" data-copy="${escapeHtml(code)}" hidden>Copy</button>`,
    link && anchor(link, "Open the link"),
  ].filter(Boolean);
  return parts.length ? `<p class="essence">${parts.join(" ")}</p>` : "";
}

const anchor = (url: string, label: string): string =>
  `<a href="${escapeHtml(url)}" rel="noreferrer">${escapeHtml(label)}</a>`;

/** A plain text in which addresses of the web can be followed. */
const linked = (text: string): string =>
  text
    .split(/(https?:\/\/[^\s<>"]+)/)
    .map((part, at) => (at % 2 ? anchor(part, part) : escapeHtml(part)))
    .join("");

/** The HTML of a mail, whose links open in windows of their own. */
export const framedHtml = (html: string): string => `<base target="_blank">${html}`;
