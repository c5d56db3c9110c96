import { BooleanType, type EntitySchemaWithMeta } from "@mikro-orm/core";
import type { InferEntityProperties, InferKyselyTable } from "@mikro-orm/sql";
import type { Insertable, Selectable, Updateable } from "kysely";
import { Document, Instant } from "./columns.ts";
import { snakeCase } from "./snake-case.ts";

/** A column: the property that it is in a row, its name in SQL, and how its values are written and read. */
export interface Column {
  readonly property: string;
  readonly name: string;
  readonly kind: "plain" | "instant" | "boolean" | "json";
}

/** A table as its entity describes it: what is selected, inserted and decoded comes from here. */
export interface Table<Columns = unknown> {
  readonly name: string;
  readonly columns: readonly Column[];
  readonly "~columns"?: Columns;
}

/** The columns of an entity by their properties, for the query builder. Keys that refer elsewhere are none. */
type ColumnsOf<S extends EntitySchemaWithMeta> = Omit<
  InferKyselyTable<S, { columnNamingStrategy: "property" }>,
  {
    [K in keyof InferEntityProperties<S>]: InferEntityProperties<S>[K] extends (...operands: never) => unknown
      ? K
      : never;
  }[keyof InferEntityProperties<S>]
>;

/** A row of a table, without its tenant: that is known before anything is read. */
export type RowOf<T extends Table> = T extends Table<infer C> ? Omit<Selectable<C>, "nid"> : never;

/** What a new row of a table has to say. What has a default may be left out. */
export type NewRow<C> = Omit<Insertable<C>, "nid">;

/** What may be changed of a row. */
export type Changes<C> = Partial<Omit<Updateable<C>, "nid" | "id">>;

/**
 * The table that an entity describes.
 *
 * @example
 * export const ThrottleSchema = defineEntity({
 *   name: "Throttle",
 *   tableName: "throttles",
 *   properties: { id: p.string().length(64).primary(), nid: uuid().primary(), tries: p.integer(), endsAt: instant() },
 * });
 * export const throttles = tableOf(ThrottleSchema);
 */
export function tableOf<S extends EntitySchemaWithMeta>(schema: S): Table<ColumnsOf<S>> {
  const described = Object.entries(Object.getOwnPropertyDescriptors(schema.properties));
  // A key that refers to another table is a getter: its columns are properties by themselves.
  const columns = described.flatMap(([property, { value }]): Column[] =>
    value ? [columnOf(property, optionsOf(value))] : [],
  );
  return { name: schema.tableName, columns };
}

interface Options {
  readonly type?: unknown;
  readonly name?: string;
}

const optionsOf = (built: Options & { readonly "~options"?: Options }): Options => built["~options"] ?? built;

function columnOf(property: string, { type, name }: Options): Column {
  const kind = type === Instant ? "instant" : type === Document ? "json" : type === BooleanType ? "boolean" : "plain";
  return { property, name: name ?? snakeCase(property), kind };
}

/** A table as those see it who do not need all of its columns. */
export function without<C, P extends keyof C & string>(
  { name, columns }: Table<C>,
  ...properties: readonly P[]
): Table<Omit<C, P>> {
  return { name, columns: columns.filter(({ property }) => !properties.includes(property as P)) };
}
