import { characterOf, charactersOf, lengthOf } from "../characters.ts";
import { fail } from "../error.ts";
import { format } from "../format.ts";
import { quoted } from "../manifest.ts";
import { listOf } from "../operators.ts";
import type { Value } from "../value.ts";
import { type Machine, native, whole } from "./native.ts";

const ofText = (run: (value: string) => Value) =>
  native([["str", "string"]], ({ budget }, value) => {
    budget.charge(value.length / 16);
    return run(value);
  });
const ofTwo = (run: (left: string, right: string) => Value) =>
  native(
    [
      ["a", "string"],
      ["b", "string"],
    ],
    ({ budget }, left, right) => {
      budget.charge(1 + left.length / 16);
      return run(left, right);
    },
  );

/** Texts, counted in code points. */
export const strings = {
  codepoint: ofText((value) => (lengthOf(value) === 1 ? value.codePointAt(0)! : fail("one character is needed"))),
  char: native([["n", "number"]], (_, code) => characterOf(code)),
  substr: native(
    [
      ["str", "string"],
      ["from", "number"],
      ["len", "number"],
    ],
    ({ operators }, value, from, length) =>
      length < 0 || from < 0
        ? fail("from and len cannot be less than zero")
        : operators.slice(value, whole(from), from + whole(length)),
  ),
  findSubstr: native(
    [
      ["pat", "string"],
      ["str", "string"],
    ],
    ({ budget }, pattern, value) => {
      budget.chargeSearch(pattern, value);
      return listOf(places(pattern, value));
    },
  ),
  startsWith: ofTwo((value, start) => value.startsWith(start)),
  endsWith: ofTwo((value, end) => value.endsWith(end)),
  stripChars: native(
    [
      ["str", "string"],
      ["chars", "string"],
    ],
    (machine, value, chars) => stripped(machine, value, chars, true, true),
  ),
  lstripChars: native(
    [
      ["str", "string"],
      ["chars", "string"],
    ],
    (machine, value, chars) => stripped(machine, value, chars, true, false),
  ),
  rstripChars: native(
    [
      ["str", "string"],
      ["chars", "string"],
    ],
    (machine, value, chars) => stripped(machine, value, chars, false, true),
  ),
  trim: native([["str", "string"]], (machine, value) => stripped(machine, value, " \t\n\f\r\u0085\u00a0", true, true)),
  split: native(
    [
      ["str", "string"],
      ["c", "string"],
    ],
    (machine, value, by) => listOf(split(machine, value, by, -1)),
  ),
  splitLimit: native(
    [
      ["str", "string"],
      ["c", "string"],
      ["maxsplits", "number"],
    ],
    (machine, value, by, most) => listOf(split(machine, value, by, whole(most))),
  ),
  splitLimitR: native(
    [
      ["str", "string"],
      ["c", "string"],
      ["maxsplits", "number"],
    ],
    (machine, value, by, most) => listOf(splitFromRight(machine, value, by, whole(most))),
  ),
  strReplace: native(
    [
      ["str", "string"],
      ["from", "string"],
      ["to", "string"],
    ],
    (machine, value, from, to) => {
      const parts = split(machine, value, from, -1);
      machine.budget.charge((parts.length * to.length) / 16);
      return parts.join(to);
    },
  ),
  isEmpty: ofText((value) => value === ""),
  equalsIgnoreCase: ofTwo((left, right) => left.toLowerCase() === right.toLowerCase()),
  asciiUpper: ofText((value) => value.replace(/[a-z]+/g, (letters) => letters.toUpperCase())),
  asciiLower: ofText((value) => value.replace(/[A-Z]+/g, (letters) => letters.toLowerCase())),
  stringChars: native([["str", "string"]], ({ budget }, value) => {
    budget.charge(value.length);
    return listOf(charactersOf(value));
  }),
  format: native(
    [
      ["str", "string"],
      ["vals", "any"],
    ],
    ({ budget }, template, values) => format(budget, template, values),
  ),
  escapeStringJson: native([["str", "any"]], ({ operators }, value) => quoted(operators.text(value))),
  escapeStringPython: native([["str", "any"]], ({ operators }, value) => quoted(operators.text(value))),
  escapeStringBash: native(
    [["str", "any"]],
    ({ operators }, value) => `'${operators.text(value).replaceAll("'", `'"'"'`)}'`,
  ),
  escapeStringDollars: native([["str", "any"]], ({ operators }, value) =>
    operators.text(value).replaceAll("$", "$$$$"),
  ),
  escapeStringXML: native([["str", "any"]], ({ operators }, value) =>
    operators.text(value).replace(/[<>&"']/g, (char) => xml[char as keyof typeof xml]),
  ),
  parseInt: ofText((value) => parsed(value, /^[+-]?\d+$/, 10)),
  parseOctal: ofText((value) => parsed(value, /^[0-7]+$/, 8)),
  parseHex: ofText((value) => parsed(value, /^[0-9a-fA-F]+$/, 16)),
};

const xml = { "<": "&lt;", ">": "&gt;", "&": "&amp;", '"': "&quot;", "'": "&apos;" };

function places(pattern: string, value: string): number[] {
  const found: number[] = [];
  if (pattern === "") return found;
  let [characters, from] = [0, 0];
  for (let at = value.indexOf(pattern); at >= 0; at = value.indexOf(pattern, at + 1)) {
    characters += lengthOf(value.slice(from, at));
    from = at;
    found.push(characters);
  }
  return found;
}

function stripped({ budget }: Machine, value: string, chars: string, left: boolean, right: boolean): string {
  const list = charactersOf(value);
  const unwanted = new Set(charactersOf(chars));
  budget.charge(list.length);
  let start = 0;
  let end = list.length;
  while (left && start < end && unwanted.has(list[start]!)) start++;
  while (right && end > start && unwanted.has(list[end - 1]!)) end--;
  return list.slice(start, end).join("");
}

function split({ budget }: Machine, value: string, by: string, most: number): string[] {
  if (by === "") return fail("a text cannot be split by nothing");
  budget.chargeSearch(by, value);
  const parts = value.split(by);
  return most < 0 || parts.length <= most ? parts : [...parts.slice(0, most), parts.slice(most).join(by)];
}

function splitFromRight(machine: Machine, value: string, by: string, most: number): string[] {
  const parts = split(machine, value, by, -1);
  const kept = parts.length - most;
  return most < 0 || kept <= 1 ? parts : [parts.slice(0, kept).join(by), ...parts.slice(kept)];
}

function parsed(value: string, pattern: RegExp, radix: number): number {
  return pattern.test(value) ? Number.parseInt(value, radix) : fail(`${JSON.stringify(value)} is no number`);
}
