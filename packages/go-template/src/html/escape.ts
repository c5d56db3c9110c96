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

// Of the names that HTML has, those of ASCII's signs: the others mean nothing in links, styles and programs.
const names: Readonly<Record<string, string>> = {
  amp: "&",
  lt: "<",
  gt: ">",
  quot: '"',
  apos: "'",
  grave: "`",
  num: "#",
  quest: "?",
  colon: ":",
  semi: ";",
  comma: ",",
  period: ".",
  sol: "/",
  bsol: "\\",
  lpar: "(",
  rpar: ")",
  lsqb: "[",
  lbrack: "[",
  rsqb: "]",
  rbrack: "]",
  lcub: "{",
  lbrace: "{",
  rcub: "}",
  rbrace: "}",
  equals: "=",
  plus: "+",
  ast: "*",
  excl: "!",
  percnt: "%",
  commat: "@",
  dollar: "$",
  Tab: "\t",
  NewLine: "\n",
};

// Of some names HTML does without the end.
const reference = /&(?:#(\d+);?|#[xX]([\da-fA-F]+);?|(\w+);|(amp|lt|gt|quot))/g;

/** An attribute's value as browsers read it. */
export const unescapeHtml = (text: string): string =>
  text.replace(
    reference,
    (_, decimal: string | undefined, hex: string | undefined, name: string | undefined, open: string) => {
      if (decimal === undefined && hex === undefined)
        return (Object.hasOwn(names, name ?? open) ? names[name ?? open] : undefined) ?? "_";
      const code = decimal === undefined ? Number.parseInt(hex!, 16) : Number(decimal);
      return code > 0 && code <= 0x10_ff_ff ? String.fromCodePoint(code) : "\uFFFD";
    },
  );
