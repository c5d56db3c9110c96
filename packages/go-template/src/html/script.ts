type Place = "code" | '"' | "'" | "`" | "regex" | "line" | "block";

/** A value as it may stand in a program, after what is written of that: as a literal, or within one. */
export function escapeInScript(value: unknown, text: string, written: string): string {
  switch (placeIn(written)) {
    case "code":
      return literal(isPlain(value) ? value : text);
    case "`":
      throw new Error("a value cannot stand in a template of a program, between backticks");
    case "regex":
      // What means something in a pattern stands for itself; of nothing a comment would be made.
      if (text === "") return "(?:)";
      return literal(text)
        .slice(1, -1)
        .replace(/[-'*`()[\]{}.+?|^$]|\\"/g, (sign) => inHex(sign.at(-1)!));
    default:
      // As within quotes: neither these nor a comment ends.
      return literal(text).slice(1, -1).replace(/['*`]/g, inHex);
  }
}

const isPlain = (value: unknown): boolean => ["number", "boolean", "object"].includes(typeof (value ?? null));

/** JSON that cannot end the element, a pattern or a comment, and that older programs read as well. */
const literal = (value: unknown): string =>
  (JSON.stringify(value ?? null) ?? "null").replace(/[<>&'/\u2028\u2029]/g, inHex);

const inHex = (sign: string): string => `\\u${sign.charCodeAt(0).toString(16).padStart(4, "0")}`;

/** The pieces of a program that a place begins or ends with, and what there is to pass over. */
const endings: Readonly<Record<Exclude<Place, "code">, RegExp>> = {
  '"': /(?:[^"\\]|\\[^])*/y,
  "'": /(?:[^'\\]|\\[^])*/y,
  "`": /(?:[^`\\]|\\[^])*/y,
  regex: /(?:[^/\\[]|\\[^]|\[(?:[^\]\\]|\\[^])*\])*/y,
  line: /[^\n\r\u2028\u2029]*/y,
  block: /(?:[^*]|\*(?!\/))*/y,
};

function placeIn(program: string): Place {
  let at = 0;
  while (at < program.length) {
    const place = begun(program, at);
    if (place === "code") {
      at++;
      continue;
    }
    const rest = endings[place];
    rest.lastIndex = at + (place === "line" || place === "block" ? 2 : 1);
    rest.exec(program);
    if (rest.lastIndex >= program.length || rest.lastIndex === 0) return place;
    at = rest.lastIndex + (place === "block" ? 2 : 1);
  }
  return "code";
}

/** What begins at a place of the code. */
function begun(program: string, at: number): Place {
  const sign = program[at]!;
  if (sign === '"' || sign === "'" || sign === "`") return sign;
  if (sign !== "/") return "code";
  if (program[at + 1] === "/") return "line";
  if (program[at + 1] === "*") return "block";
  return isOperand(program.slice(Math.max(at - farthest, 0), at).trimEnd()) ? "code" : "regex";
}

/** How far before a slash it is looked for what it could divide. */
const farthest = 200;
const beforePatterns =
  /(?:^|[^\w$.])(?:break|case|continue|delete|do|else|finally|in|instanceof|return|throw|try|typeof|void)$/;

/** Whether what is written is something that can be divided: a slash behind anything else begins a pattern. */
function isOperand(code: string): boolean {
  const last = code.at(-1) ?? "";
  if (/[\w$]/.test(last)) return !beforePatterns.test(code);
  // `a++ / b` divides, `a + /b/` does not.
  if (last === "+" || last === "-") return /(\+*|-*)$/.exec(code)![0].length % 2 === 0;
  return /[)\]."'`\u0080-\uffff]/.test(last);
}
