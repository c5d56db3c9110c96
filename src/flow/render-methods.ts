import type { Context } from "../context.ts";
import { mergeNodes } from "../ui/form.ts";
import type { UiNode } from "../ui/node.ts";
import type { FlowView } from "./attempt.ts";
import type { Memory } from "./flow.ts";
import type { FlowKind } from "./kinds.ts";
import { allOf, stepOf } from "./strategy.ts";
import type { Method, Remembering, Strategies, Strategy } from "./strategy.ts";

/** Lets the methods that are on and fit add to the nodes of a form, in their order. */
export async function renderMethods<K extends FlowKind>(
  ctx: Context,
  { flow, attempt }: FlowView<K>,
  strategies: Strategies,
  fits: (strategy: Strategy<Method>) => boolean,
  first: readonly UiNode[],
): Promise<Remembering> {
  let nodes = first;
  let memory: Memory = {};
  for (const strategy of allOf(strategies)) {
    if (!strategy.enabled(ctx.config, flow.kind) || !fits(strategy)) continue;
    const rendered = (await stepOf(strategy, flow.kind as K)?.render(ctx, flow, attempt)) ?? [];
    const drawn = "nodes" in rendered ? rendered : { nodes: rendered, memory: {} };
    nodes = mergeNodes(nodes, drawn.nodes);
    memory = { ...memory, ...drawn.memory };
  }
  return { nodes, memory };
}
