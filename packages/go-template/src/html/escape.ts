const entities: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&#34;",
  "'": "&#39;",
  "`": "&#96;",
  "\0": "\uFFFD",
};

// oxlint-disable-next-line no-control-regex
const special = /[&<>"'`\u0000]/g;

/** A text as HTML: it can neither end an attribute nor begin an element. */
export const escapeHtml = (text: string): string => text.replace(special, (sign) => entities[sign]!);
