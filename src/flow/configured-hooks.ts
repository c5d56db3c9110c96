import type { HookConfig } from "../config/selfservice-config.ts";
import type { Context } from "../context.ts";
import type { FlowKind } from "./kinds.ts";

/** What is configured to follow each method, by its name. */
type AfterMethods = Readonly<Record<string, { readonly hooks?: readonly HookConfig[] } | undefined>>;

/** The hooks that are configured to run after a method has passed, in their order: the method's own list where it has any, else the flow's. */
export function hooksAfter({ config }: Context, kind: FlowKind, method: string): readonly HookConfig[] {
  const { hooks, default_browser_return_url: _, ...rest } = config.selfservice.flows[kind].after;
  const methods: AfterMethods = rest;
  const own = methods[method]?.hooks ?? [];
  return own.length ? own : hooks;
}

/** The hooks that run when a flow begins. */
export const hooksBefore = ({ config }: Context, kind: FlowKind): readonly HookConfig[] =>
  config.selfservice.flows[kind].before.hooks;

/** Whether a hook is configured for what has passed. */
export const isHooked = (ctx: Context, kind: FlowKind, method: string, name: HookConfig["hook"]): boolean =>
  hooksAfter(ctx, kind, method).some(({ hook }) => hook === name);
