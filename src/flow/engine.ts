import type { Context } from "../context.ts";
import { uuidv7 } from "../db/id.ts";
import { ErrorReason, explanationOf, problem, reasonOf } from "../errors.ts";
import { addMessage, clearMessages } from "../ui/form.ts";
import { invalidSubmission } from "../ui/messages.ts";
import type { Message } from "../ui/message.ts";
import { assertGenuine, assertSameBrowser, csrfHash, ensureCsrfToken } from "./csrf.ts";
import type { Flow, FlowKind } from "./flow.ts";
import { findFlow, insertFlow, updateFlow } from "./repository.ts";
import type { Complaint, Method, Results, Step, Strategies, Submissions } from "./strategy.ts";
import type { Strategy } from "./strategy.ts";

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
  >;

/** What is peculiar to one kind of flow. */
export interface FlowDefinition<K extends FlowKind, Completion> {
  readonly kind: K;
  readonly initialState: string;
  readonly noStrategy: Message;
  lifespanMs(ctx: Context): number;
  /** The whole form, as it is at this point of the flow. */
  form(ctx: Context, flow: Flow, strategies: Strategies): Promise<Flow["ui"]>;
  /** Who may go on with a flow. Throws what the client is told. */
  admit(ctx: Context, flow: Flow): Promise<void>;
  /** The message that a replacement begins with, after the flow before it has run out. */
  expired(expiredAt: Date): Message;
  /** Looks at a submission before its method does. */
  inspect?(ctx: Context, flow: Flow, submission: Submissions[K]): Promise<readonly Complaint[]>;
  /** What passing means. */
  complete(
    ctx: Context,
    flow: Flow,
    strategy: Strategy<Method>,
    result: Results[K],
  ): Promise<Completion | { readonly complaints: readonly Complaint[] }>;
}

/** Where a submission left its flow. */
export type Outcome<Completion> =
  | { readonly kind: "completed"; readonly completion: Completion; readonly flow: Flow }
  | { readonly kind: "rejected" | "pending"; readonly flow: Flow }
  | { readonly kind: "redirected"; readonly flow: Flow; readonly url: string };

/** Runs one kind of flow over the strategies that are enabled. */
export interface FlowEngine<K extends FlowKind, Completion> {
  create(ctx: Context, init: FlowInit): Promise<Flow>;
  /** The flow, for whoever may see it. */
  fetch(ctx: Context, id: string): Promise<Flow>;
  submit(ctx: Context, id: string, submission?: Submissions[K]): Promise<Outcome<Completion>>;
}

/** Makes the engine of one kind of flow. Every rule that strategies must not forget is here, before any of them runs. */
export function createFlowEngine<K extends FlowKind, Completion>(
  definition: FlowDefinition<K, Completion>,
  strategies: Strategies,
): FlowEngine<K, Completion> {
  const { kind } = definition;

  async function create(ctx: Context, init: FlowInit, greeting?: Message): Promise<Flow> {
    const flow = blankFlow(ctx, init);
    flow.ui = await definition.form(ctx, flow, strategies);
    if (greeting) flow.ui.messages.push(greeting);
    await insertFlow(ctx, flow);
    return flow;
  }

  function blankFlow(ctx: Context, init: FlowInit): Flow {
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
      csrfHash: init.type === "browser" ? csrfHash(ensureCsrfToken(ctx)) : null,
      issuedAt: now,
      expiresAt: new Date(now.getTime() + definition.lifespanMs(ctx)),
      createdAt: now,
      updatedAt: now,
      state: definition.initialState,
      active: null,
      ui: { nodes: [], messages: [] },
    };
  }

  async function judge(ctx: Context, flow: Flow, submission?: Submissions[K]): Promise<Outcome<Completion>> {
    if (ctx.call.malformed !== undefined)
      return complain(ctx, flow, [{ message: invalidSubmission(ctx.call.malformed) }]);
    try {
      assertGenuine(ctx, flow, submission?.csrfToken ?? "");
    } catch (error) {
      // Told in the form, since it is the developer of a native client who has to see it.
      if (reasonOf(error) !== ErrorReason.API_FLOW_FROM_BROWSER) throw error;
      return complain(ctx, flow, [{ message: invalidSubmission(explanationOf(error) ?? "") }]);
    }
    const strategy = enabledStrategy(ctx, submission);
    const step = strategy?.[kind] as Step<K, never> | undefined;
    if (!submission || !strategy || !step) return complain(ctx, flow, [{ message: definition.noStrategy }]);
    flow.transientPayload = submission.transientPayload;
    const inspected = (await definition.inspect?.(ctx, flow, submission)) ?? [];
    if (inspected.length) return complain(ctx, flow, inspected);
    const verdict = await step.submit(ctx, flow, submission.method.value as never);
    switch (verdict.kind) {
      case "passed":
        return finish(ctx, flow, strategy, verdict.result as Results[K]);
      case "rejected":
        return complain(ctx, flow, verdict.complaints);
      case "pending":
        flow.active = strategy.name;
        flow.ui = await definition.form(ctx, flow, strategies);
        await updateFlow(ctx, flow);
        return { kind: "pending", flow };
      case "redirected":
        await updateFlow(ctx, flow);
        return { kind: "redirected", flow, url: verdict.url };
    }
  }

  function enabledStrategy(ctx: Context, submission?: Submissions[K]): Strategy<Method> | undefined {
    const arm = submission?.method.case as Method | undefined;
    if (!arm) return undefined;
    const strategy = strategies[arm] as Strategy<Method> | undefined;
    if (strategy?.enabled(ctx.config)) return strategy;
    throw problem(ErrorReason.METHOD_DISABLED, { reason: "This method is switched off here." });
  }

  async function finish(ctx: Context, flow: Flow, strategy: Strategy<Method>, result: Results[K]) {
    flow.active = strategy.name;
    const completion = await definition.complete(ctx, flow, strategy, result);
    if (completion && typeof completion === "object" && "complaints" in completion) {
      flow.active = null;
      return complain(ctx, flow, completion.complaints);
    }
    return { kind: "completed" as const, completion: completion as Completion, flow };
  }

  async function submit(ctx: Context, id: string, submission?: Submissions[K]) {
    const flow = await findFlow(ctx, kind, id);
    await definition.admit(ctx, flow);
    if (flow.expiresAt <= ctx.now()) throw await replaced(ctx, flow);
    clearMessages(flow.ui);
    return judge(ctx, flow, submission);
  }

  async function replaced(ctx: Context, flow: Flow) {
    const { type, requestUrl, returnTo, requestedAal, refresh, identitySchema, organizationId } = flow;
    const init = { type, requestUrl, returnTo, requestedAal, refresh, identitySchema, organizationId };
    const next = await create(ctx, init, definition.expired(flow.expiresAt));
    return problem(ErrorReason.SELF_SERVICE_FLOW_EXPIRED, {
      reason: "The flow ran out before it was submitted. A new one takes its place.",
      expiredAt: flow.expiresAt,
      since: BigInt(ctx.now().getTime() - flow.expiresAt.getTime()) * 1_000_000n,
      useFlowId: next.id,
      location: uiLocation(ctx, kind, next.id),
    });
  }

  async function fetch(ctx: Context, id: string) {
    const flow = await findFlow(ctx, kind, id);
    assertSameBrowser(ctx, flow);
    if (flow.expiresAt <= ctx.now()) throw expiredOnFetch(ctx, flow);
    return flow;
  }

  return { create: (ctx, init) => create(ctx, init), fetch, submit };
}

async function complain(ctx: Context, flow: Flow, complaints: readonly Complaint[]) {
  for (const complaint of complaints) addMessage(flow.ui, complaint.message, complaint.node, complaint.group);
  await updateFlow(ctx, flow);
  return { kind: "rejected" as const, flow };
}

/** Where the pages of a kind of flow are shown. */
export function uiLocation({ config }: Context, kind: FlowKind, id: string): string {
  const url = new URL(config.selfservice.flows[kind].ui_url, config.serve.public.base_url);
  url.searchParams.set("flow", id);
  return url.href;
}

function expiredOnFetch({ config }: Context, { kind, type, returnTo }: Flow) {
  const begin = new URL(`self-service/${kind}/${type}`, config.serve.public.base_url);
  if (returnTo) begin.searchParams.set("return_to", returnTo);
  return problem(ErrorReason.SELF_SERVICE_FLOW_EXPIRED, {
    reason: "The flow ran out. Begin a new one.",
    details:
      type === "api"
        ? { api: `Begin a new flow at ${begin.href}.` }
        : { redirect_to: begin.href, ...(returnTo && { return_to: returnTo }) },
  });
}
