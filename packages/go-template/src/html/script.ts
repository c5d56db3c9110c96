type Place = "code" | '"' | "'" | "`" | "line" | "block";

/** A value as it may stand in a program, after what is written of that: as a literal, or within one. */
export function escapeInScript(value: unknown, text: string, written: string): string {
  switch (placeIn(written)) {
    case "code":
      return literal(typeof value === "number" || typeof value === "boolean" || (typeof value === "object" && value !== null) ? value : text);
    case "`":
      throw new Error("a value cannot stand in a template of a program, between backticks");
    default:
      // As within quotes: neither these nor a comment ends.
      return literal(text).slice(1, -1).replace(/[/'*`]/g, inHex);
  }
}

/** JSON that cannot end the element, and that older programs read as well. */
const literal = (value: unknown): string => (JSON.stringify(value) ?? "null").replace(/[<>&'\u2028\u2029]/g, inHex);

const inHex = (sign: string): string => `\\u${sign.charCodeAt(0).toString(16).padStart(4, "0")}`;

function placeIn(program: string): Place {
  let place: Place = "code";
  for (let at = 0; at < program.length; at++) {
    const two = program.slice(at, at + 2);
    const sign = two[0]!;
    if (place === "code") {
      if (two === "//") place = "line";
      else if (two === "/*") place = "block";
      else if (sign === '"' || sign === "'" || sign === "`") place = sign;
    } else if (place === "line") place = /[\n\u2028\u2029]/.test(sign) ? "code" : place;
    else if (place === "block") place = two === "*/" ? "code" : place;
    else if (sign === "\\") at++;
    else if (sign === place) place = "code";
  }
  return place;
}
