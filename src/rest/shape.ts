import { getOption, hasOption } from "@bufbuild/protobuf";
import type { DescEnum, DescField, DescOneof } from "@bufbuild/protobuf";
import { discriminator, field as fieldOption } from "#gen/ostiary/rest/v1/rest_pb.js";

/** How a field is written in REST JSON, with the contract's defaults filled in. */
export interface Shape {
  readonly name: string;
  readonly nullWhenUnset: boolean;
  readonly omitWhenEmpty: boolean;
  readonly selects: boolean;
  readonly implies: boolean;
  readonly aliases: readonly string[];
  readonly required: boolean;
  /** A value that counts as none; empty where there is no such. */
  readonly blank: string;
}

/** The shape of a field. */
export function shapeOf(field: DescField): Shape {
  const said = hasOption(field, fieldOption) ? getOption(field, fieldOption) : undefined;
  return {
    name: said?.name || field.name,
    nullWhenUnset: said?.nullWhenUnset ?? false,
    omitWhenEmpty: said?.omitWhenEmpty ?? false,
    selects: said?.selects ?? false,
    implies: said?.implies ?? false,
    required: said?.required ?? false,
    blank: said?.blank ?? "",
    aliases: said?.aliases ? said.aliases.split(",").map((alias) => alias.trim()) : [],
  };
}

/** The member that names the arm of a oneof that is written flat; undefined for an ordinary oneof. */
export const discriminatorOf = (oneof: DescOneof): string | undefined =>
  hasOption(oneof, discriminator) ? getOption(oneof, discriminator) : undefined;

const names = new WeakMap<DescEnum, { byNumber: Map<number, string>; byName: Map<string, number> }>();

/** The words of an enum: lower case, without the prefix that they share. */
export function wordsOf(desc: DescEnum) {
  let found = names.get(desc);
  if (!found) {
    const prefix = (desc.sharedPrefix ?? "").length;
    const words = desc.values.map(({ name, number }) => [name.slice(prefix).toLowerCase(), number] as const);
    found = {
      byNumber: new Map(words.map(([word, number]) => [number, word])),
      byName: new Map(words.filter(([, number]) => number !== 0)),
    };
    names.set(desc, found);
  }
  return found;
}
