/**
 * The first member that an object of a JSON text names twice. JSON.parse keeps the last one silently, other parsers the
 * first: two readers of one body must not see two different bodies. The text is known to be JSON.
 */
export function duplicateMember(text: string): string | undefined {
  const seen: (Set<string> | undefined)[] = [];
  let at = 0;
  let expectsName = false;
  while (at < text.length) {
    const char = text[at]!;
    if (char === '"') {
      const end = endOfString(text, at);
      if (expectsName) {
        const name = JSON.parse(text.slice(at, end)) as string;
        const names = seen.at(-1);
        if (names?.has(name)) return name;
        names?.add(name);
        expectsName = false;
      }
      at = end;
      continue;
    }
    if (char === "{") seen.push(new Set());
    else if (char === "[") seen.push(undefined);
    else if (char === "}" || char === "]") seen.pop();
    if (char === "{" || (char === "," && seen.at(-1))) expectsName = true;
    at++;
  }
  return undefined;
}

function endOfString(text: string, start: number): number {
  let at = start + 1;
  while (text[at] !== '"') at += text[at] === "\\" ? 2 : 1;
  return at + 1;
}
