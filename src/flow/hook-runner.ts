import type { HookConfig } from "../config/selfservice-config.ts";
import type { Context } from "../context.ts";
import type { IdentityWithCredentialsRow } from "../identity/rows.ts";
import { edited } from "./account-edit.ts";
import type { Attempt } from "./attempt.ts";
import { hooksAfter, hooksBefore } from "./configured-hooks.ts";
import type { AccountEdit, Hook, HookEffect, HookEvent, Hooks } from "./hook.ts";
import type { FlowKind } from "./kinds.ts";
import type { Refusal } from "./results.ts";

/** What hooks leave of an account that is about to be written. */
export type Reviewed =
  | { readonly identity: IdentityWithCredentialsRow; readonly edits: readonly AccountEdit[] }
  | Refusal;

/** Runs the hooks that are configured for an event, in their order. */
export interface HookRunner {
  before(ctx: Context, event: HookEvent): Promise<void>;
  /** Asks the hooks what they think of an account; each sees what the ones before it made of it. */
  review(ctx: Context, event: HookEvent & { readonly identity: IdentityWithCredentialsRow }): Promise<Reviewed>;
  /** The attempt as it is after them. */
  within(tx: Context, event: HookEvent): Promise<Attempt>;
  /** The attempt as it is after them. */
  after(ctx: Context, event: HookEvent): Promise<Attempt>;
  /** Whether any hook is configured to look at what has passed. */
  attend(ctx: Context, event: Pick<HookEvent, "flow" | "method">): boolean;
}

/** The hooks that run after a kind of flow without being configured. */
export type BuiltInHooks = (ctx: Context, kind: FlowKind) => readonly HookConfig[];

/** Makes what runs these hooks. */
export function createHookRunner(hooks: Hooks, standing: BuiltInHooks): HookRunner {
  const built = ({ hook }: HookConfig) => hooks[hook] as Hook | undefined;
  const configured = (ctx: Context, { flow: { kind }, method }: Pick<HookEvent, "flow" | "method">) => [
    ...standing(ctx, kind),
    ...hooksAfter(ctx, kind, method ?? ""),
  ];
  /** Each sees what the ones before it have done. */
  async function inTurn(
    ctx: Context,
    event: HookEvent,
    run: (hook: Hook, event: HookEvent, config: HookConfig) => Promise<HookEffect | void> | undefined,
  ) {
    let { attempt } = event;
    for (const config of configured(ctx, event)) {
      const hook = built(config);
      if (hook) attempt = { ...attempt, ...(await run(hook, { ...event, attempt }, config)) };
    }
    return attempt;
  }
  return {
    async before(ctx, event) {
      for (const config of hooksBefore(ctx, event.flow.kind)) await built(config)?.before?.(ctx, event, config);
    },
    async review(ctx, event) {
      let { identity } = event;
      const edits: AccountEdit[] = [];
      for (const config of configured(ctx, event)) {
        const result = await built(config)?.review?.(ctx, { ...event, identity }, config);
        if (result?.complaints?.length) return { complaints: result.complaints };
        if (!result?.edit) continue;
        edits.push(result.edit);
        identity = await edited(ctx, identity, result.edit);
      }
      return { identity, edits };
    },
    within: (tx, event) => inTurn(tx, event, (hook, one, config) => hook.within?.(tx, one, config)),
    after: (ctx, event) => inTurn(ctx, event, (hook, one, config) => hook.after?.(ctx, one, config)),
    attend: (ctx, event) => configured(ctx, event).some((config) => built(config) !== undefined),
  };
}
