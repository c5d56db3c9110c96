import { createContext, Script } from "node:vm";
import { MapperFault } from "./fault.ts";
import type { MapperPlace } from "./fault.ts";

type Cel = typeof import("@marcbachmann/cel-js");
type Variables = Readonly<Record<string, unknown>>;

const longest = 65_536;
const limits = { maxAstNodes: 10_000, maxDepth: 64, maxListElements: 1000, maxMapEntries: 1000, maxCallArguments: 32 };
const patienceMs = 250;
const mostCharacters = 1_048_576;

/**
 * Reads an expression of CEL over objects of these names. Throws a MapperFault that names the line. To be read anew for each person: up to
 * 8.0.0, the newest, the package's tree keeps the values that a comprehension has run over last. A pool of trees would keep them as well,
 * and reading takes a tenth of the time of a mapper.
 */
export async function readCel(source: string, names: readonly string[]): Promise<(variables: Variables) => unknown> {
  if (source.length > longest)
    throw new MapperFault("evaluation_failed", { says: `is longer than ${longest} characters` });
  const cel = await import("@marcbachmann/cel-js");
  const environment = new cel.Environment({
    enableOptionalTypes: true,
    homogeneousAggregateLiterals: false,
    limits,
  });
  for (const name of names) environment.registerVariable(name, "map");
  const expression = toldInLines(source, "cannot be read", () => {
    const parsed = environment.parse(source);
    const { error } = parsed.check();
    if (error) throw error;
    return parsed;
  });
  return (variables) =>
    toldInLines(source, "fails", () =>
      withinTimeLimit(() =>
        asJson(cel, expression(variables as Record<string, unknown>), { characters: mostCharacters }),
      ),
    );
}

let watched: { readonly room: { work?: () => unknown }; readonly script: Script } | undefined;

/**
 * Does work that is ended once it takes too long. The package counts no steps, and a pattern alone may take for ever; Node
 * can end what runs, but only if it was begun by a script.
 */
function withinTimeLimit(work: () => unknown): unknown {
  watched ??= { room: createContext({}) as { work?: () => unknown }, script: new Script("work()") };
  watched.room.work = work;
  try {
    return watched.script.runInContext(watched.room, { timeout: patienceMs });
  } finally {
    delete watched.room.work;
  }
}

interface CelError extends Error {
  readonly summary: string;
  readonly range?: { readonly start: number };
}

const isOfCel = (error: unknown): error is CelError => error instanceof Error && "summary" in error;
const tookTooMuch = (error: unknown): boolean =>
  error instanceof RangeError || (error as NodeJS.ErrnoException).code === "ERR_SCRIPT_EXECUTION_TIMEOUT";

function toldInLines<T>(source: string, says: string, work: () => T): T {
  try {
    return work();
  } catch (cause) {
    if (tookTooMuch(cause))
      throw new MapperFault("evaluation_failed", {
        says: "exceeded its limits",
        reason: "time or memory ran out",
        cause,
      });
    if (!isOfCel(cause)) throw cause;
    const { summary, range } = cause;
    throw new MapperFault("evaluation_failed", {
      says,
      reason: summary,
      ...(range && { place: placeOf(source, range.start) }),
      cause,
    });
  }
}

function placeOf(source: string, at: number): MapperPlace {
  const lines = source.slice(0, at).split("\n");
  return { line: lines.length, column: lines.at(-1)!.length + 1 };
}

/** How much text may still come out of an expression: its parts may be few, and each as long as memory goes. */
interface Room {
  characters: number;
}

/** A value of CEL as JSON has it, by the rules of CEL's own conversion. A member that is an optional without a value is left out. */
function asJson(cel: Cel, value: unknown, room: Room): unknown {
  if (typeof value === "string") return fitting(value, room);
  if (typeof value === "bigint") return Number.isSafeInteger(Number(value)) ? Number(value) : String(value);
  if (value === null || typeof value !== "object") return value;
  if (value instanceof cel.Optional) return value.hasValue() ? asJson(cel, value.value(), room) : undefined;
  if (Array.isArray(value)) return value.map((item) => asJson(cel, item, room) ?? null);
  if (value instanceof Map || isPlain(value)) return membersAsJson(cel, value, room);
  if (value instanceof Date) return value.toISOString();
  if (value instanceof Uint8Array) return fitting(Buffer.from(value).toString("base64"), room);
  const unsigned: unknown = value.valueOf();
  return typeof unsigned === "bigint" ? asJson(cel, unsigned, room) : String(value);
}

function fitting(text: string, room: Room): string {
  room.characters -= text.length;
  if (room.characters < 0) throw new RangeError("The text that comes out is too long.");
  return text;
}

const isPlain = (value: object): boolean => [Object.prototype, null].includes(Object.getPrototypeOf(value));

function membersAsJson(cel: Cel, value: object, room: Room): unknown {
  const members: Iterable<[unknown, unknown]> = value instanceof Map ? value : Object.entries(value);
  return Object.fromEntries(
    [...members].flatMap(([name, member]) => {
      const json = asJson(cel, member, room);
      return json === undefined ? [] : [[fitting(String(name), room), json]];
    }),
  );
}
