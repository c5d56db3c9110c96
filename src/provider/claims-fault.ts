import { jsonFault } from "../text/json-fault.ts";
import { failureOf } from "./provider-step.ts";

/** Lists of groups may be long: only what a provider says in all is bounded, and how deep it nests. */
const mostMembers = 8192;

/** Refuses what a provider says of somebody where it is more than mappers are to run over, or nothing that could be kept. */
export function refuseUnfitClaims(said: Readonly<Record<string, unknown>>): void {
  const fault = jsonFault(said, 1, { nodes: 1, mostMembers });
  if (fault !== undefined)
    throw failureOf("claims_decode", undefined, {
      says: fault.replace("The request contains", "The provider has sent"),
    });
}
