/** A step of a path, and whether the steps before it are applied as a whole (`|`), not to each element alone. */
type Step = { readonly isPiped: boolean } & (
  | { readonly kind: "name"; readonly text: string; readonly pattern?: RegExp }
  | { readonly kind: "elements" }
  | { readonly kind: "query"; readonly fits: (element: unknown) => boolean; readonly all: boolean }
);

/**
 * Reads a path as Kratos' command line takes it for jsonpath, in the syntax of GJSON: names and indexes divided by dots, `*` and `?` in
 * names, `#` for all elements or their number, `#(name=="Ada")` for the first that fits and `#(…)#` for all. Throws in a sentence
 * where it says something else.
 */
export function readGjsonPath(path: string): (data: unknown) => unknown {
  const steps = stepsOf(path);
  return (data) => follow(data, steps);
}

function follow(value: unknown, [step, ...rest]: readonly Step[]): unknown {
  if (!step) return value;
  if (step.kind === "name") return follow(memberOf(value, step), rest);
  if (!Array.isArray(value)) return undefined;
  if (step.kind === "query" && !step.all) return follow(value.find(step.fits), rest);
  if (step.kind === "elements" && rest.length === 0) return value.length;
  const elements = step.kind === "query" ? value.filter(step.fits) : value;
  const until = rest.findIndex(({ isPiped }) => isPiped);
  const [each, after] = until < 0 ? [rest, []] : [rest.slice(0, until), rest.slice(until)];
  return follow(
    elements.map((element) => follow(element, each)).filter((found) => found !== undefined),
    after,
  );
}

function memberOf(value: unknown, { text, pattern }: Step & { kind: "name" }): unknown {
  if (Array.isArray(value)) return /^\d+$/.test(text) ? value[Number(text)] : undefined;
  if (typeof value !== "object" || value === null) return undefined;
  const name = pattern ? Object.keys(value).find((key) => pattern.test(key)) : text;
  return name !== undefined && Object.hasOwn(value, name) ? (value as Record<string, unknown>)[name] : undefined;
}

function stepsOf(path: string): Step[] {
  const steps: Step[] = [];
  let rest = path;
  let isPiped = false;
  for (;;) {
    const [step, length] = firstStep(rest, path);
    steps.push({ isPiped, ...step });
    if (length === rest.length) return steps;
    isPiped = rest[length] === "|";
    rest = rest.slice(length + 1);
  }
}

type Bare<S> = S extends unknown ? Omit<S, "isPiped"> : never;

function firstStep(rest: string, path: string): [Bare<Step>, length: number] {
  const query = /^#\(((?:[^()"]|"(?:[^"\\]|\\.)*")+)\)(#?)(?=$|[.|])/.exec(rest);
  if (query) return [{ kind: "query", fits: conditionOf(query[1]!, path), all: query[2] === "#" }, query[0].length];
  if (/^#(?=$|[.|])/.test(rest)) return [{ kind: "elements" }, 1];
  const [written = ""] = /^(?:[^.|\\]|\\.)+/.exec(rest) ?? [];
  if (!written || /^[#@![{]/.test(written)) throw unreadable(path);
  const text = written.replaceAll(/\\(.)/g, "$1");
  const pattern = /(?:^|[^\\])[*?]/.test(written) ? { pattern: patternOf(written) } : {};
  return [{ kind: "name", text, ...pattern }, written.length];
}

/** `*` stands for any letters, `?` for one. */
const patternOf = (written: string): RegExp =>
  new RegExp(
    `^${written.replaceAll(/\\(.)|([*?])|[^\\*?]/g, (letter, escaped: string | undefined, wild: string | undefined) =>
      wild ? (wild === "*" ? "[^]*" : "[^]") : RegExp.escape(escaped ?? letter),
    )}$`,
  );

const comparisons: Readonly<Record<string, (a: never, b: never) => boolean>> = {
  "==": (a, b) => a === b,
  "=": (a, b) => a === b,
  "!=": (a, b) => a !== b,
  "<": (a, b) => a < b,
  "<=": (a, b) => a <= b,
  ">": (a, b) => a > b,
  ">=": (a, b) => a >= b,
  "%": (a, b) => typeof a === "string" && patternOf(b).test(a),
  "!%": (a, b) => typeof a === "string" && !patternOf(b).test(a),
};

function conditionOf(text: string, path: string): (element: unknown) => boolean {
  const [, left = "", sign, right = ""] =
    /^\s*([^=!<>%]*?)\s*(?:(==|=|!=|<=|<|>=|>|!%|%)\s*([^]*?))?\s*$/.exec(text) ?? [];
  const steps = left ? stepsOf(left) : [];
  if (!sign) return (element) => follow(element, steps) !== undefined;
  let wanted: unknown;
  try {
    wanted = JSON.parse(right);
  } catch {
    throw unreadable(path);
  }
  const compare = comparisons[sign] as (a: unknown, b: unknown) => boolean;
  if (sign.includes("%") && typeof wanted !== "string") throw unreadable(path);
  return (element) => {
    const found = follow(element, steps);
    return typeof found === typeof wanted ? compare(found, wanted) : sign === "!=";
  };
}

const unreadable = (path: string) =>
  new Error(`cannot be read: ${path}. It is a path of RFC 9535 ($.identities[0].id), or of GJSON (identities.0.id).`);
