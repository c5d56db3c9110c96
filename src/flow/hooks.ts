import type { Context } from "../context.ts";

/**
 * The names of the hooks that run after a method has passed, in their order: the method's own list where it has any,
 * else the flow's.
 */
export function hooksAfter(
  { config }: Context,
  kind: "login" | "registration",
  method: string,
): readonly string[] {
  const after = config.selfservice.flows[kind].after as AfterHooks;
  const own = (after[method] as AfterHooks | undefined)?.hooks ?? [];
  return (own.length ? own : (after.hooks ?? [])).map(({ hook }) => hook);
}

interface AfterHooks {
  readonly hooks?: readonly { readonly hook: string }[];
  readonly [method: string]: unknown;
}
