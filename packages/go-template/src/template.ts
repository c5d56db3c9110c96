import { builtins } from "./builtins.ts";
import { within } from "./error.ts";
import { Evaluator } from "./evaluator.ts";
import { defaultLimits, type Limits } from "./limits.ts";
import type { Parsed } from "./nodes.ts";
import { parse } from "./parser.ts";
import type { TemplateFunction } from "./values.ts";
import { htmlWriter, textWriter } from "./writer.ts";

/** How a template is read. */
export interface ParseOptions {
  /** What errors call the template. */
  readonly name?: string;
  /** Whether it writes HTML, as html/template does: each value is escaped for the place where it comes to stand. */
  readonly html?: boolean;
  /** What it may call beside the functions that every template has, such as `sprigFunctions`. */
  readonly functions?: Readonly<Record<string, TemplateFunction>>;
  /** Other templates that it may call by their names (`{{ template "footer" . }}`), and what these define. Its own definitions go before. */
  readonly templates?: Readonly<Record<string, string>>;
  /** What differs from `defaultLimits`. */
  readonly limits?: Partial<Limits>;
}

/** A template that has been read, and can be executed any number of times. */
export interface Template {
  /**
   * Answers with what it writes of the data, which is `.` and `$`. Throws a TemplateError where it asks for what there is not, or takes
   * more than it may.
   */
  execute(data?: unknown): string;
}

/**
 * Reads a template. Throws a TemplateError where it is none, or calls a function that there is not.
 *
 * @example
 * const list = parseTemplate("{{ range $i, $one := .Items }}{{ if $i }}, {{ end }}{{ $one }}{{ end }}", { name: "list" });
 * list.execute({ Items: ["a", "b"] }); // a, b
 */
export function parseTemplate(source: string, options: ParseOptions = {}): Template {
  const { name = "template", html = false, limits } = options;
  const functions = functionsOf(options);
  const bounds = { ...defaultLimits, ...limits };
  const parsed = parseAll(source, name, options.templates ?? {}, (one) => one in functions);
  return {
    execute(data) {
      const writer = html ? htmlWriter(bounds.characters) : textWriter(bounds.characters);
      new Evaluator(parsed, functions, bounds, writer).execute(data);
      return writer.text();
    },
  };
}

/** Without a prototype, whose members are no functions of a template's. */
const functionsOf = ({ functions }: ParseOptions): Readonly<Record<string, TemplateFunction>> =>
  Object.assign(Object.create(null) as Record<string, TemplateFunction>, builtins, functions);

function parseAll(
  source: string,
  name: string,
  others: Readonly<Record<string, string>>,
  isFunction: (name: string) => boolean,
): Parsed {
  const read = (text: string, of: string): Parsed => within(of, () => parse(text, of, isFunction));
  const own = read(source, name);
  const lent = Object.entries(others).flatMap(([other, text]) => {
    const { main, defined } = read(text, other);
    return [[other, main] as const, ...defined];
  });
  return { main: own.main, defined: new Map([...lent, ...own.defined]) };
}
