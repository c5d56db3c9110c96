import { copyButton } from "./copy-button.ts";
import { attributes, html, nothing } from "../html.ts";
import type { Html } from "../html.ts";
import { idOf, messagesOf } from "./field.ts";
import type { Message, Node } from "../flow.ts";
import type { View } from "../view.ts";

/** A node that is neither a field nor a button: a picture, a text, a link or a script. */
export function shown(view: View, node: Node): Html {
  switch (node.attributes.node_type) {
    case "img":
      return picture(view, node);
    case "text":
      return textOf(view, node);
    case "a":
      return link(view, node);
    case "script":
      return script(view, node);
    default:
      return nothing;
  }
}

const said = (view: View, message: Message | undefined): string => (message ? view.words.say(message) : "");

const picture = (view: View, node: Node): Html =>
  html`<img${attributes({
    class: "qr",
    id: idOf(node),
    src: node.attributes.src,
    width: node.attributes.width,
    height: node.attributes.height,
    alt: said(view, node.meta.label),
  })}>`;

function textOf(view: View, node: Node): Html {
  const { text } = node.attributes;
  const secrets = text?.context?.["secrets"];
  if (Array.isArray(secrets)) return codes(view, node, secrets as readonly Message[]);
  const id = idOf(node);
  const secret = text?.context?.["secret"];
  const content = text ? (typeof secret === "string" ? secret : view.words.say(text)) : "";
  return html`<div class="shown"><p id="${id}-label">${said(view, node.meta.label)}</p>
<p class="copied"><code${attributes({ id, "aria-labelledby": `${id}-label` })}>${content}</code>${typeof secret === "string" && copyButton(view, id)}</p>
${messagesOf(view, node)}</div>`;
}

/** Backup codes: used ones say when. */
function codes(view: View, node: Node, secrets: readonly Message[]): Html {
  const id = idOf(node);
  const items = secrets.map(({ context, ...message }) => {
    const secret = context?.["secret"];
    return typeof secret === "string"
      ? html`<li><code>${secret}</code></li>`
      : html`<li class="used">${view.words.say({ ...message, ...(context && { context }) })}</li>`;
  });
  return html`<div class="shown"><p>${said(view, node.meta.label)}</p><ol${attributes({ class: "codes", id })}>${items}</ol>
<p class="row needs-script">${copyButton(view, id)}<button type="button" class="quiet" data-print>${view.words.text("print")}</button></p></div>`;
}

const link = (view: View, { attributes: { href, title, id } }: Node): Html =>
  html`<p><a${attributes({ class: "button primary", id, href })}>${said(view, title)}</a></p>`;

/** The script that talks to authenticators, of the page's own origin. */
function script(view: View, { attributes: { src = "", integrity } }: Node): Html {
  const { baseUrl } = view.site;
  const own = src.startsWith(baseUrl) ? view.api(src.slice(baseUrl.length)) : src;
  return html`<script${attributes({ src: own, async: true, integrity: typeof integrity === "string" ? integrity : undefined })}></script>`;
}
