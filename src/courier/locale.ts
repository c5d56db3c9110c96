import type { Context } from "../context.ts";
import type { TemplateData } from "./message.ts";

/**
 * The language of a message: the account's own, where it says one; else what the client's program asks for, then what its
 * browser does. Whoever asks for a message to somebody else does not choose the language that the other one reads.
 */
export function localeOf(
  { call, config }: Pick<Context, "call" | "config">,
  { identity, traits, transient_payload: payload }: TemplateData,
): string {
  const { languages, default: standard, from } = config.courier.locale;
  const known = [...languages, standard];
  const own = memberAt(traits === undefined ? identity : { traits }, from.split("."));
  if (isText(own)) return fitting(known, own) ?? standard;
  const asked = memberAt(payload, ["locale"]);
  const wishes = [...(isText(asked) ? [asked] : []), ...acceptedLanguages(call.headers.get("accept-language") ?? "")];
  for (const wish of wishes) {
    const found = wish === "*" ? standard : fitting(known, wish);
    if (found) return found;
  }
  return standard;
}

const isText = (value: unknown): value is string => typeof value === "string" && value !== "";

function memberAt(value: unknown, path: readonly string[]): unknown {
  return path.reduce<unknown>(
    (at, name) =>
      typeof at === "object" && at !== null && Object.hasOwn(at, name)
        ? (at as Record<string, unknown>)[name]
        : undefined,
    value,
  );
}

/** The one among the known languages that comes nearest (RFC 4647 3.4): `de-AT` is served by `de`. */
function fitting(known: readonly string[], wish: string): string | undefined {
  const parts = wish.slice(0, 100).replaceAll("_", "-").toLowerCase().split("-");
  for (let length = parts.length; length > 0; length--) {
    const range = parts.slice(0, length).join("-");
    const found = known.find((one) => one.toLowerCase() === range);
    if (found) return found;
  }
  return undefined;
}

// Browsers name a handful.
const mostRanges = 20;

/** What a header asks for (RFC 9110 12.5.4), the dearest first; what has no weight is not wanted. */
function acceptedLanguages(header: string): string[] {
  return header
    .slice(0, 1000)
    .split(",", mostRanges)
    .map((item) => {
      const [range = "", ...parameters] = item.split(";").map((part) => part.trim());
      const weight = parameters.find((one) => /^q=/i.test(one))?.slice(2);
      return {
        range,
        weight: weight === undefined ? 1 : /^(0(\.\d{0,3})?|1(\.0{0,3})?)$/.test(weight) ? Number(weight) : 0,
      };
    })
    .filter(({ range, weight }) => range !== "" && weight > 0)
    .toSorted((one, other) => other.weight - one.weight)
    .map(({ range }) => range);
}
