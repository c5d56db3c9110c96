import { defineMemory, isOptionalText, isRecord } from "../flow/memory.ts";

/** What a login flow has learnt of who signs in: on its first screen, or from the session that is to be confirmed. */
interface Identified {
  readonly screen?: "credentials";
  readonly identifier?: string;
  /** The methods that this person can sign in with; left out where that is not to be told. */
  readonly methods?: readonly string[];
}

/** Who signs in, as far as a login flow knows. */
export const identified = defineMemory(
  "identified",
  (value): value is Identified =>
    isRecord(value) &&
    (value["screen"] === undefined || value["screen"] === "credentials") &&
    isOptionalText(value["identifier"]) &&
    (value["methods"] === undefined ||
      (Array.isArray(value["methods"]) && value["methods"].every((method) => typeof method === "string"))),
);
