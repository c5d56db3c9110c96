import type { Context } from "../context.ts";
import { sha256Hex } from "../crypto/token.ts";
import { uuidv7 } from "../db/id.ts";
import { csrfHash, ensureCsrfToken } from "./csrf.ts";
import type { Flow } from "./flow.ts";
import { firstState } from "./kinds.ts";
import type { FlowKind } from "./kinds.ts";
import { advance } from "./progress.ts";
import type { Progress } from "./progress.ts";

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
      | "exchangeCodeHash"
      | "testProvider"
      | "memory"
    >
  > & {
    /** Whether a browser flow is for whichever browser opens it, as one that an administrator begins for somebody. */
    readonly unowned?: boolean;
    /** The code that a native client will exchange for its session, a secret. */
    readonly exchangeCode?: string;
  };

/** A flow that has just begun, and has come as far as is said. Nothing is stored. */
export function newFlow<K extends FlowKind>(
  ctx: Context,
  kind: K,
  { unowned = false, exchangeCode, ...init }: FlowInit,
  { lifespanMs, ...progress }: Progress<K> & { readonly lifespanMs: number },
): Flow<K> {
  const now = ctx.now();
  const flow = {
    returnTo: null,
    requestedAal: 1,
    refresh: false,
    identityId: null,
    organizationId: null,
    identitySchema: null,
    oauth2LoginChallenge: null,
    exchangeCodeHash: exchangeCode === undefined ? null : sha256Hex(exchangeCode),
    testProvider: null,
    memory: {},
    ...init,
    id: uuidv7(now.getTime()),
    kind,
    csrfHash: init.type === "browser" && !unowned ? csrfHash(ensureCsrfToken(ctx)) : null,
    issuedAt: now,
    expiresAt: new Date(now.getTime() + lifespanMs),
    createdAt: now,
    updatedAt: now,
    state: firstState(kind),
    active: null,
    challengesSpent: 0,
    ui: { nodes: [], messages: [] },
  };
  return advance(flow as unknown as Flow<K>, progress);
}
