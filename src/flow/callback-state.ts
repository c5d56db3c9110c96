import type { Context } from "../context.ts";
import { fromBase64Url, openAes, sealAes } from "../crypto/aead.ts";
import { keyFor } from "../crypto/keys.ts";
import { constantTimeEqual, randomToken, sha256Hex } from "../crypto/token.ts";
import type { Flow, Memory } from "./flow.ts";
import { flowKinds } from "./kinds.ts";
import type { FlowKind } from "./kinds.ts";
import { defineMemory, isRecord } from "./memory.ts";

/** What the state says that a client brings back from where a method has sent it: which flow goes on, and by which method. */
export interface CallbackState {
  readonly kind: FlowKind;
  readonly flowId: string;
  /** By its name on the wire. */
  readonly method: string;
  /** Where the method has sent the client, by the name that it has for that site. */
  readonly at: string;
  readonly nonce: string;
}

/** What a flow remembers of the state that it gave out last. */
interface Expected {
  readonly method: string;
  /** SHA-256, in hex. */
  readonly nonce: string;
  /** How many challenges of the flow had been answered: the state counts as long as that is so. */
  readonly round: number;
}

const expected = defineMemory(
  "callback",
  (value): value is Expected =>
    isRecord(value) &&
    typeof value["method"] === "string" &&
    typeof value["nonce"] === "string" &&
    Number.isInteger(value["round"]),
);

const purpose = "callback state";

/**
 * Makes the state that a method sends a client off with (RFC 6749, section 10.12): sealed, of use once, for the browser or
 * the native client of this flow alone, who comes back from the one site that it was made for. One that was given out before
 * is of no more use.
 *
 * @example
 * const { state, memory } = issueState(ctx, flow, { method: "oidc", at: "google" });
 * return redirect(`${authorizationEndpoint}?state=${state}`, { memory });
 */
export function issueState(
  ctx: Context,
  flow: Flow,
  { method, at }: Pick<CallbackState, "method" | "at">,
): { readonly state: string; readonly memory: Memory } {
  const nonce = randomToken(43);
  const said: CallbackState = { kind: flow.kind, flowId: flow.id, method, at, nonce };
  const state = sealAes(keyFor(purpose, ctx.config.secrets.cookie[0]!), JSON.stringify(said)).toString("base64url");
  return { state, memory: expected.with({ method, nonce: sha256Hex(nonce), round: flow.challengesSpent }) };
}

/** What a state says; undefined where this server has not made it. */
export function readState(ctx: Context, state: string): CallbackState | undefined {
  const sealed = fromBase64Url(state);
  if (!sealed) return undefined;
  for (const secret of ctx.config.secrets.cookie) {
    const said = openAes(keyFor(purpose, secret), sealed);
    if (said !== undefined) return known(JSON.parse(said) as CallbackState);
  }
  return undefined;
}

/** A later version of the server may know more kinds of flows. */
const known = (state: CallbackState): CallbackState | undefined =>
  Object.hasOwn(flowKinds, state.kind) ? state : undefined;

/** The round in which a flow gave a state out; undefined where another one, or none, is awaited. */
export function roundOf(flow: Pick<Flow, "memory">, { method, nonce }: CallbackState): number | undefined {
  const awaited = expected.of(flow);
  return awaited?.method === method && constantTimeEqual(awaited.nonce, sha256Hex(nonce)) ? awaited.round : undefined;
}

/** Makes a flow await nobody any more. */
export const awaitNobody = (): Memory => expected.with(undefined);
