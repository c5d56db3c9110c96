import type { Context } from "../context.ts";
import { uuidv7 } from "../db/id.ts";
import { csrfHash, ensureCsrfToken } from "./csrf.ts";
import type { Flow, FlowKind } from "./flow.ts";

/** What a client asks for when it begins a flow. */
export type FlowInit = Pick<Flow, "type" | "requestUrl"> &
  Partial<
    Pick<
      Flow,
      | "returnTo"
      | "requestedAal"
      | "refresh"
      | "identityId"
      | "organizationId"
      | "identitySchema"
      | "oauth2LoginChallenge"
      | "sessionTokenExchangeCode"
      | "internal"
    >
  > & {
    /** Whether a browser flow is for whichever browser opens it, as one that an administrator begins for somebody. */
    readonly unowned?: boolean;
  };

/** A flow that has just begun: its form is empty, and nothing is stored. */
export function newFlow(
  ctx: Context,
  kind: FlowKind,
  { unowned = false, ...init }: FlowInit,
  { state, lifespanMs }: { readonly state: string; readonly lifespanMs: number },
): Flow {
  const now = ctx.now();
  return {
    returnTo: null,
    requestedAal: 1,
    refresh: false,
    identityId: null,
    organizationId: null,
    identitySchema: null,
    oauth2LoginChallenge: null,
    sessionTokenExchangeCode: null,
    internal: {},
    ...init,
    id: uuidv7(now.getTime()),
    kind,
    csrfHash: init.type === "browser" && !unowned ? csrfHash(ensureCsrfToken(ctx)) : null,
    issuedAt: now,
    expiresAt: new Date(now.getTime() + lifespanMs),
    createdAt: now,
    updatedAt: now,
    state,
    active: null,
    challengesSpent: 0,
    ui: { nodes: [], messages: [] },
  };
}
