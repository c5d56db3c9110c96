import { type EntityManager, type EntityProperty, JsonType, type Platform, Type, p } from "@mikro-orm/core";
import { uuidv7 } from "./id.ts";

const engine = (platform: Platform, types: { sqlite: string; postgresql: string; mysql: string }): string =>
  platform.constructor.name.startsWith("Postgre")
    ? types.postgresql
    : platform.constructor.name.startsWith("MySql")
      ? types.mysql
      : types.sqlite;

/** A moment, kept as milliseconds since 1970: no time zone of a session or a server can shift it. */
export class Instant extends Type<Date, number> {
  override convertToDatabaseValue(value: Date | number): number {
    return value instanceof Date ? value.getTime() : value;
  }

  override convertToJSValue(value: number | string | Date): Date {
    return value instanceof Date ? value : new Date(Number(value));
  }

  override getColumnType(_: EntityProperty, platform: Platform): string {
    return engine(platform, { sqlite: "integer", postgresql: "bigint", mysql: "bigint" });
  }

  override compareAsType(): string {
    return "number";
  }
}

/** An id. */
export class Uuid extends Type<string, string> {
  override getColumnType(_: EntityProperty, platform: Platform): string {
    return engine(platform, { sqlite: "text", postgresql: "uuid", mysql: "char(36)" });
  }

  override compareAsType(): string {
    return "string";
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

  override compareAsType(): string {
    return "string";
  }
}

/** A column that holds a moment. */
export const instant = () => p.type(Instant).$type<Date, number>();

/** A column that holds an id. */
export const uuid = () => p.type(Uuid).$type<string>();

/** A column that holds a text of any length. */
export const longText = () => p.type(LongText).$type<string>();

/** A column that holds JSON. */
export const json = <T>() => p.type(Document).$type<T>();

const clocks = "clock";

/** Lets a unit of work, and every one forked from it, stamp its rows by this clock. */
export function setClock(em: EntityManager, now: () => Date): void {
  em.setFilterParams(clocks, { now });
}

function timeOf(em: EntityManager): Date {
  const clock = em.getFilterParams<{ now?: () => Date }>(clocks) as { now?: () => Date } | undefined;
  return clock?.now?.() ?? new Date();
}

/** The columns that every table begins with. */
export const identified = {
  id: uuid()
    .primary()
    .onCreate(() => uuidv7()),
  createdAt: instant().onCreate((_, em) => timeOf(em)),
  updatedAt: instant()
    .onCreate((_, em) => timeOf(em))
    .onUpdate((_, em) => timeOf(em)),
};
