import { fixedArity, show, type TemplateFunction } from "../values.ts";
import { compilePattern, quotePattern } from "./re2.ts";
import { texts } from "./texts-of.ts";

const longest = 100_000;

/** Sprig's functions on patterns, which are Go's: none of them takes more than linear time. */
export const patternFunctions: Readonly<Record<string, TemplateFunction>> = fixedArity({
  regexMatch: texts((pattern, text) => compilePattern(pattern).matcher(text).find()),
  regexFind: texts((pattern, text) => findAll(pattern, text)[0]?.found ?? ""),
  regexFindAll: (pattern, text, count) =>
    upTo(
      Number(count),
      findAll(show(pattern), show(text)).map(({ found }) => found),
    ),
  regexReplaceAll: texts((pattern, text, fresh) =>
    replaced(findAll(pattern, text), text, ({ group }) => expanded(fresh, group)),
  ),
  regexReplaceAllLiteral: texts((pattern, text, fresh) => replaced(findAll(pattern, text), text, () => fresh)),
  regexSplit: (pattern, text, count) => splitAt(findAll(show(pattern), show(text)), show(text), Number(count)),
  regexQuoteMeta: texts(quotePattern),
});

/** A place where a pattern fits. */
interface Match {
  readonly found: string;
  readonly at: number;
  /** What a group of the pattern has found, by its number or its name. */
  readonly group: (name: string) => string;
}

function findAll(pattern: string, text: string): Match[] {
  const compiled = compilePattern(pattern);
  const names = compiled.namedGroups() as Readonly<Record<string, number>>;
  const matcher = compiled.matcher(text);
  const matches: Match[] = [];
  while (matcher.find()) {
    const groups = Array.from({ length: compiled.groupCount() + 1 }, (_, at) => matcher.group(at) ?? "");
    const group = (name: string) => groups[/^\d+$/.test(name) ? Number(name) : (names[name] ?? -1)] ?? "";
    matches.push({ found: groups[0]!, at: matcher.start(), group });
  }
  return matches;
}

/** `$1`, `${1}`, `$name`; of a group that there is not, nothing. */
const expanded = (fresh: string, group: Match["group"]): string =>
  fresh.replace(/\$(?:\$|\{(\w+)\}|(\w+))/g, (whole, inBraces: string | undefined, plain: string | undefined) =>
    whole === "$$" ? "$" : group((inBraces ?? plain)!),
  );

function replaced(matches: readonly Match[], text: string, fresh: (match: Match) => string): string {
  let [from, written] = [0, ""];
  for (const match of matches) {
    written += text.slice(from, match.at) + fresh(match);
    if (written.length > longest) throw new Error(`a replacement makes more than ${longest} characters`);
    from = match.at + match.found.length;
  }
  return written + text.slice(from);
}

const upTo = <T>(count: number, list: T[]): T[] => (count < 0 ? list : list.slice(0, count));

/** What is between the places found: all of it, or so many parts, of which the last holds the rest. */
function splitAt(matches: readonly Match[], text: string, count: number): string[] {
  if (count === 0) return [];
  const parts: string[] = [];
  let from = 0;
  for (const { found, at } of matches) {
    if (parts.length + 1 === count) break;
    // Nothing found at either end divides nothing.
    if (found === "" && (at === 0 || at === text.length)) continue;
    parts.push(text.slice(from, at));
    from = at + found.length;
  }
  return [...parts, text.slice(from)];
}
