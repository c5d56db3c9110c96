import type { Dialect } from "./statement.ts";

/** The condition that a row is one of so many, each named by its tenant and id. */
export function isOneOf(dialect: Dialect, count: number): string {
  const keys = Array.from({ length: count }, () => "(?, ?)").join(", ");
  return `(nid, id) in (${dialect === "sqlite" ? `values ${keys}` : keys})`;
}
