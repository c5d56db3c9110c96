import { type EntityProperty, type EntitySchema, JsonType, type Platform, Type, p } from "@mikro-orm/core";

const engine = (platform: Platform, types: { sqlite: string; postgresql: string; mysql: string }): string =>
  platform.constructor.name.startsWith("Postgre")
    ? types.postgresql
    : platform.constructor.name.startsWith("MySql")
      ? types.mysql
      : types.sqlite;

/** A moment, kept as milliseconds since 1970: no time zone of a session or a server can shift it. */
export class Instant extends Type<Date, number> {
  override getColumnType(_: EntityProperty, platform: Platform): string {
    return engine(platform, { sqlite: "integer", postgresql: "bigint", mysql: "bigint" });
  }
}

/** An id. */
export class Uuid extends Type<string, string> {
  override getColumnType(_: EntityProperty, platform: Platform): string {
    return engine(platform, { sqlite: "text", postgresql: "uuid", mysql: "char(36)" });
  }
}

/** A document; text on MySQL too, where a column of type `json` would be read differently from MySQL and MariaDB. */
export class Document extends JsonType {
  override getColumnType(_: EntityProperty, platform: Platform): string {
    return engine(platform, { sqlite: "text", postgresql: "jsonb", mysql: "longtext" });
  }
}

/** A text of any length; MySQL's `text` ends at 64 KiB. */
export class LongText extends Type<string, string> {
  override getColumnType(_: EntityProperty, platform: Platform): string {
    return engine(platform, { sqlite: "text", postgresql: "text", mysql: "longtext" });
  }
}

/** A number that counts further than 32 bits. */
export class LongCount extends Type<number, number> {
  override getColumnType(_: EntityProperty, platform: Platform): string {
    return engine(platform, { sqlite: "integer", postgresql: "bigint", mysql: "bigint" });
  }
}

/** A column that holds a moment. */
export const instant = () => p.type(Instant).$type<Date>();

/** A column that holds an id. */
export const uuid = () => p.type(Uuid).$type<string>();

/** A column that holds a text of any length. */
export const longText = () => p.type(LongText).$type<string>();

/** A column that counts further than 32 bits. */
export const longCount = () => p.type(LongCount).$type<number>();

/** A column that holds JSON. */
export const json = <T>() => p.type(Document).$type<T>();

/** An id, and when its row was written. */
export const stamped = { id: uuid().primary(), createdAt: instant(), updatedAt: instant() };

/**
 * The columns that every table of a tenant begins with. The tenant is the first of all keys but the primary one: there
 * InnoDB would take it for a way to find rows by the tenant alone, and read through all of them where another index names one.
 */
export const identified = { id: uuid().primary(), nid: uuid().primary(), createdAt: instant(), updatedAt: instant() };

/**
 * The key by which a row goes with a row of another table, of the same tenant. The schema alone knows it: its column is a
 * property of its own, and nothing is read by way of it.
 */
export const goesWith = (target: EntitySchema, column: string, table: string) =>
  p
    .manyToOne(target as EntitySchema<object>)
    .joinColumns(column, "nid")
    .foreignKeyName(`${table}_${column}_foreign`)
    .deleteRule("cascade")
    .updateRule("no action")
    .nullable()
    .index(false);

/** That a column holds one of these words, and the database refuses any other. */
export const oneOf = (table: string, column: string, words: readonly string[]) => ({
  name: `${table}_${column}_check`,
  expression: `${column} in (${words.map((word) => `'${word}'`).join(", ")})`,
});

/** That a column holds a number from one to another, and the database refuses any other. */
export const between = (table: string, column: string, least: number, most: number) => ({
  name: `${table}_${column}_check`,
  expression: `${column} between ${least} and ${most}`,
});
