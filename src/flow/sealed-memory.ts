import type { Context } from "../context.ts";
import { openAes, sealAes } from "../crypto/aead.ts";
import { keyFor } from "../crypto/keys.ts";
import type { Flow, Memory } from "./flow.ts";
import { defineMemory } from "./memory.ts";

/** What one owner remembers in flows and those who read the database must not see. */
export interface SealedSlot<T> {
  /** What a flow remembers; undefined as well where the secret that has sealed it is out of service. */
  of(ctx: Context, flow: Pick<Flow, "memory">): T | undefined;
  /** What a step returns for the flow to remember this. */
  with(ctx: Context, value: T): Memory;
  /** What a step returns for the flow to forget it. */
  without(): Memory;
}

/**
 * Gives a thing to be remembered a place of its own in the memory of flows (see `defineMemory`), where it is kept sealed: only
 * this program has made what it holds.
 *
 * @example
 * const gone = defineSealedMemory<PendingAuthorization>("oidc_authorization");
 * return redirect(url, { memory: gone.with(ctx, { codeVerifier }) });
 */
export function defineSealedMemory<T>(owner: string): SealedSlot<T> {
  const purpose = `flow memory ${owner}`;
  const slot = defineMemory(owner, (value): value is string => typeof value === "string");
  return {
    of({ config }, flow) {
      const sealed = Buffer.from(slot.of(flow) ?? "", "base64");
      for (const secret of config.secrets.cookie) {
        const opened = openAes(keyFor(purpose, secret), sealed);
        if (opened !== undefined) return JSON.parse(opened) as T;
      }
      return undefined;
    },
    with: ({ config }, value) =>
      slot.with(sealAes(keyFor(purpose, config.secrets.cookie[0]!), JSON.stringify(value)).toString("base64")),
    without: () => slot.with(undefined),
  };
}
