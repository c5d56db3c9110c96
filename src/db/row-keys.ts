import type { Dialect } from "./statement.ts";

/** The condition that a row is one of so many, each named by its id and tenant. */
export function isOneOf(dialect: Dialect, count: number): string {
  const keys = Array.from({ length: count }, () => "(?, ?)").join(", ");
  return `(id, nid) in (${dialect === "sqlite" ? `values ${keys}` : keys})`;
}
