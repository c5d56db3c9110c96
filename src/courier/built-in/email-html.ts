import { escapeHtml } from "#go-template";
import type { EmailContent } from "./email.ts";

const font = "-apple-system,BlinkMacSystemFont,'Segoe UI',Roboto,Helvetica,Arial,sans-serif";

// Mail programs know little CSS: what matters is written at the elements, the rest is for those who can do more.
const style = `
:root{color-scheme:light dark;supported-color-schemes:light dark}
@media (max-width:520px){.card{padding:24px 20px!important}.code{font-size:28px!important;letter-spacing:4px!important}}
@media (prefers-color-scheme:dark){.page{background:#15171a!important}.card{background:#212429!important}
.text{color:#eceef1!important}.quiet{color:#a3a9b3!important}.code{background:#2d3138!important;color:#fff!important}}`;

const paragraph = (text: string, kind: "text" | "quiet") =>
  `<p class="${kind}" style="margin:0 0 16px;font:${kind === "text" ? "16px/1.5" : "14px/1.5"} ${font};` +
  `color:${kind === "text" ? "#1d2127" : "#666d78"}">${escapeHtml(text)}</p>`;

const codeBox = (code: string) =>
  `<p class="code" style="margin:0 0 16px;padding:16px;border-radius:8px;background:#f1f3f6;color:#1d2127;text-align:center;` +
  `font:bold 32px/1.2 ui-monospace,Menlo,Consolas,monospace;letter-spacing:6px">${escapeHtml(code)}</p>`;

function button({ label, url }: { label: string; url: string }): string {
  const href = /^https?:\/\//i.test(url) ? escapeHtml(url) : "#";
  return (
    `<p style="margin:0 0 16px;text-align:center"><a href="${href}" style="display:inline-block;padding:12px 24px;border-radius:8px;` +
    `background:#2456d6;color:#fff;text-decoration:none;font:bold 16px/1.25 ${font}">${escapeHtml(label)}</a></p>` +
    `<p class="quiet" style="margin:0 0 16px;font:12px/1.5 ${font};color:#666d78;word-break:break-all">${escapeHtml(url)}</p>`
  );
}

/** An e-mail as HTML that reads well on small screens and in the dark, and loads nothing from anywhere. */
export function emailAsHtml({ subject, opening, code, link, closing }: EmailContent): string {
  const parts = [paragraph(opening, "text"), code && codeBox(code), link && button(link)];
  const body = [...parts, ...closing.map((text) => paragraph(text, "quiet"))].filter(Boolean).join("\n");
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${escapeHtml(subject)}</title>
<style>${style}
</style>
</head>
<body class="page" style="margin:0;padding:0;background:#f1f3f6">
<table role="presentation" class="page" width="100%" cellpadding="0" cellspacing="0" style="background:#f1f3f6">
<tr><td align="center" style="padding:24px 12px">
<table role="presentation" width="100%" cellpadding="0" cellspacing="0" style="max-width:480px">
<tr><td class="card" style="padding:32px;border-radius:12px;background:#fff">
${body}
</td></tr>
</table>
</td></tr>
</table>
</body>
</html>
`;
}
