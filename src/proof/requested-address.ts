import type { Flow } from "../flow/flow.ts";
import { defineMemory, isRecord } from "../flow/memory.ts";

/** Where the code of a second factor shall go: the trait that holds the address, as whoever began the flow has named it. */
export const requestedAddress = defineMemory(
  "requested_address",
  (value): value is { readonly trait: string } => isRecord(value) && typeof value["trait"] === "string",
);

/** The way to the trait that holds the address; undefined where none was named. */
export const requestedTrait = (flow: Pick<Flow, "memory">): readonly string[] | undefined =>
  requestedAddress.of(flow)?.trait.split(".");
