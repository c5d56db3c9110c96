import type { HookConfig } from "../config/selfservice-config.ts";
import type { Context } from "../context.ts";
import type { IdentityWithCredentialsRow } from "../identity/rows.ts";
import { edited } from "./account-edit.ts";
import type { AccountEdit, Hook, Hooks, Occasion } from "./hook.ts";
import { hooksAfter, hooksBefore } from "./hooks.ts";
import type { Complaint } from "./strategy.ts";

/** What hooks leave of an account that is about to be written. */
export type Reviewed =
  | { readonly identity: IdentityWithCredentialsRow; readonly edits: readonly AccountEdit[] }
  | { readonly complaints: readonly Complaint[] };

/** Runs the hooks that are configured for an occasion, in their order. */
export interface Reactions {
  before(ctx: Context, occasion: Occasion): Promise<void>;
  /** Asks the hooks what they think of an account; each sees what the ones before it made of it. */
  review(ctx: Context, occasion: Occasion & { readonly identity: IdentityWithCredentialsRow }): Promise<Reviewed>;
  within(tx: Context, occasion: Occasion): Promise<void>;
  after(ctx: Context, occasion: Occasion): Promise<void>;
  /** Whether any hook is configured to look at what has passed. */
  attend(ctx: Context, occasion: Pick<Occasion, "flow" | "method">): boolean;
}

/** Makes what runs these hooks. */
export function reactionsOf(hooks: Hooks): Reactions {
  const built = ({ hook }: HookConfig) => hooks[hook] as Hook | undefined;
  const configured = (ctx: Context, { flow, method }: Pick<Occasion, "flow" | "method">) => hooksAfter(ctx, flow.kind, method ?? "");
  return {
    async before(ctx, occasion) {
      for (const config of hooksBefore(ctx, occasion.flow.kind)) await built(config)?.before?.(ctx, occasion, config);
    },
    async review(ctx, occasion) {
      let { identity } = occasion;
      const edits: AccountEdit[] = [];
      for (const config of configured(ctx, occasion)) {
        const opinion = await built(config)?.review?.(ctx, { ...occasion, identity }, config);
        if (opinion?.complaints?.length) return { complaints: opinion.complaints };
        if (!opinion?.edit) continue;
        edits.push(opinion.edit);
        identity = await edited(ctx, identity, opinion.edit);
      }
      return { identity, edits };
    },
    async within(tx, occasion) {
      for (const config of configured(tx, occasion)) await built(config)?.within?.(tx, occasion, config);
    },
    async after(ctx, occasion) {
      for (const config of configured(ctx, occasion)) await built(config)?.after?.(ctx, occasion, config);
    },
    attend: (ctx, occasion) => configured(ctx, occasion).some((config) => built(config) !== undefined),
  };
}
