import type { Dialect } from "./statement.ts";

/** The condition that a row is one of so many, each named by its id and tenant. */
export function isOneOf(dialect: Dialect, count: number): string {
  // Of a list of one pair MariaDB makes no use of the key: it reads the whole table, and locks it.
  if (count === 1) return "id = ? and nid = ?";
  const keys = Array.from({ length: count }, () => "(?, ?)").join(", ");
  return `(id, nid) in (${dialect === "sqlite" ? `values ${keys}` : keys})`;
}
