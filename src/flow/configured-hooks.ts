import type { HookConfig } from "../config/selfservice-config.ts";
import type { Context } from "../context.ts";
import type { FlowKind } from "./kinds.ts";

interface AfterHooks {
  readonly hooks?: readonly HookConfig[];
  readonly [method: string]: unknown;
}

/** The hooks that are configured to run after a method has passed, in their order: the method's own list where it has any, else the flow's. */
export function hooksAfter({ config }: Context, kind: FlowKind, method: string): readonly HookConfig[] {
  const after = config.selfservice.flows[kind].after as unknown as AfterHooks;
  const own = (after[method] as AfterHooks | undefined)?.hooks ?? [];
  return own.length ? own : (after.hooks ?? []);
}

/** The hooks that run when a flow begins. */
export const hooksBefore = ({ config }: Context, kind: FlowKind): readonly HookConfig[] =>
  config.selfservice.flows[kind].before.hooks;

/** Whether a hook is configured for what has passed. */
export const isHooked = (ctx: Context, kind: FlowKind, method: string, name: HookConfig["hook"]): boolean =>
  hooksAfter(ctx, kind, method).some(({ hook }) => hook === name);
