import { defineMemory, isRecord } from "../flow/memory.ts";

/** Whose login links an account at a provider, which the flow keeps (`keepAccount`). */
export interface Linking {
  /** The name that is theirs: whoever signs in has to have it. */
  readonly identifier: string;
  /** The provider: its id, and what people call it. */
  readonly provider: { readonly id: string; readonly label: string };
  /** What they can sign in with; left out where that is not told. */
  readonly hints?: { readonly types: readonly string[]; readonly providers: readonly string[] };
}

const areTexts = (value: unknown): boolean =>
  Array.isArray(value) && value.every((one: unknown) => typeof one === "string");

const isProvider = (value: unknown): boolean =>
  isRecord(value) && typeof value["id"] === "string" && typeof value["label"] === "string";

const areHints = (value: unknown): boolean =>
  value === undefined || (isRecord(value) && areTexts(value["types"]) && areTexts(value["providers"]));

/** What a login flow links once somebody has signed in. */
export const linking = defineMemory(
  "linking",
  (value): value is Linking =>
    isRecord(value) &&
    typeof value["identifier"] === "string" &&
    isProvider(value["provider"]) &&
    areHints(value["hints"]),
);
