import type { Flow, Memory } from "./flow.ts";

/** What one owner remembers in flows. */
export interface MemorySlot<T> {
  /** What a flow remembers. What is not of the expected form is as if it were not there. */
  of(flow: Pick<Flow, "memory">): T | undefined;
  /** What a step returns for the flow to remember this; undefined to forget it. */
  with(value: T | undefined): Memory;
}

const owners = new Set<string>();

/**
 * Gives a method, or a thing to be remembered, a place of its own in the memory of flows. What comes from the database is
 * checked whenever it is read.
 *
 * @example
 * const pending = defineMemory("new_key", (value): value is Pending => isRecord(value) && typeof value["key"] === "string");
 * pending.of(flow)?.key;
 * return { nodes, memory: pending.with({ key }) };
 */
export function defineMemory<T>(owner: string, check: (value: unknown) => value is T): MemorySlot<T> {
  if (owners.has(owner)) throw new Error(`Two things want to be remembered as ${JSON.stringify(owner)}.`);
  owners.add(owner);
  return {
    of({ memory }) {
      const value = memory[owner];
      return check(value) ? value : undefined;
    },
    with: (value) => ({ [owner]: value }),
  };
}

/** Makes a flow forget all that it remembers. */
export const forgetAll = ({ memory }: Pick<Flow, "memory">): Memory =>
  Object.fromEntries(Object.keys(memory).map((owner) => [owner, undefined]));

/** Whether a value is an object with members of any kind. */
export const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** Whether a value is a text, or is not there. */
export const isOptionalText = (value: unknown): value is string | undefined =>
  value === undefined || typeof value === "string";
