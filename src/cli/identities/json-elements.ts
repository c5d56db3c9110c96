/**
 * The texts of the elements of an array, as they come: a file of a million of them is never whole in memory. What is wrong within one of them is for whoever
 * parses it to find. Throws where the array does not end.
 */
export async function* elementsOf(pieces: AsyncIterable<string>): AsyncGenerator<string> {
  let element = "";
  let depth = 0;
  let isQuoted = false;
  let isEscaped = false;
  for await (const piece of pieces) {
    let from = 0;
    for (let at = 0; at < piece.length; at++) {
      const letter = piece[at]!;
      if (isQuoted) {
        if (isEscaped) isEscaped = false;
        else if (letter === "\\") isEscaped = true;
        else if (letter === '"') isQuoted = false;
      } else if (letter === '"') isQuoted = true;
      else if (letter === "[" || letter === "{") {
        if (depth++ === 0) from = at + 1;
      } else if (letter === "]" || letter === "}" || (letter === "," && depth === 1)) {
        if (letter !== ",") depth--;
        if (depth > 1 || (depth === 1 && letter !== ",")) continue;
        element += piece.slice(from, at);
        if (element.trim()) yield element;
        element = "";
        from = at + 1;
        if (depth === 0) return;
      }
    }
    element += piece.slice(from);
  }
  throw new Error("the array has no end");
}
