import type { Context } from "../context.ts";
import { ErrorReason, explanationOf, problem, reasonOf } from "../errors.ts";
import { tooManyTries } from "../throttle/refusal.ts";
import { addMessages, clearMessages } from "../ui/form.ts";
import { invalidSubmission } from "../ui/messages.ts";
import type { Message } from "../ui/message.ts";
import { audit } from "./audit.ts";
import { assertGenuine, assertNotForeign, assertSameBrowser, csrfTokenOf } from "./csrf.ts";
import type { Flow, FlowKind } from "./flow.ts";
import { newFlow } from "./new-flow.ts";
import type { FlowInit } from "./new-flow.ts";
import { assertMayBegin } from "./new-rows.ts";
import type { Reactions } from "./reactions.ts";
import { expiredOnFetch, replacedError } from "./replacement.ts";
import { findFlow, insertFlow, updateFlow } from "./repository.ts";
import type { Complaint, Method, Results, Step, Strategies, Submissions } from "./strategy.ts";
import type { Strategy } from "./strategy.ts";

/** What is peculiar to one kind of flow. */
export interface FlowDefinition<K extends FlowKind, Completion> {
  readonly kind: K;
  readonly initialState: string;
  readonly noStrategy: Message;
  lifespanMs(ctx: Context): number;
  /** The whole form, as it is at this point of the flow. */
  form(ctx: Context, flow: Flow, strategies: Strategies): Promise<Flow["ui"]>;
  /** Who may go on with a flow. Throws what the client is told, or says what the form shall tell. */
  admit(ctx: Context, flow: Flow): Promise<readonly Complaint[] | void>;
  /** Who may see a flow, where the browser's token is not all that it takes. Throws what the client is told. */
  view?(ctx: Context, flow: Flow): Promise<void>;
  /** Fills in what is not stored with a flow, before anybody looks at it. */
  load?(ctx: Context, flow: Flow): Promise<void>;
  /** What was submitted before, where the client comes back with empty hands. */
  resume?(ctx: Context, flow: Flow): Submissions[K] | undefined;
  /** Whether a method serves what this flow is for. */
  fits(ctx: Context, flow: Flow, strategy: Strategy<Method>): boolean;
  /** Whether a flow tells that this method was last at work. */
  namesMethod(strategy: Strategy<Method>): boolean;
  /** The message that a replacement begins with, after the flow before it has run out. */
  expired(expiredAt: Date): Message;
  /** Looks at a submission before its method does. */
  inspect?(ctx: Context, flow: Flow, submission: Submissions[K]): Promise<readonly Complaint[]>;
  /** Whether a submission proves by a secret of its own that it is meant: then it needs no token of the browser's. */
  carriesSecret?(submission: Submissions[K]): boolean;
  /** Whether what a form has said stays, until a method says something else. */
  readonly keepsMessages?: boolean;
  /** Says it in its own way to a client that names no method, or whose body could not be read. */
  unanswered?(ctx: Context, flow: Flow, message: Message, submission?: Submissions[K]): readonly Complaint[] | Promise<readonly Complaint[]>;
  /** What a replacement does not take over from the flow before it as it was. */
  heir?(ctx: Context, flow: Flow): Partial<FlowInit>;
  /** The error for a flow that has run out or cannot go on, where it is not told as usual. */
  replaced?(ctx: Context, flow: Flow, next: Flow, expired: boolean): Error;
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
  /** Begins a flow, whose form may have something to say from the start. */
  create(ctx: Context, init: FlowInit, greeting?: Message): Promise<Flow>;
  /** The flow, for whoever may see it. */
  fetch(ctx: Context, id: string): Promise<Flow>;
  submit(ctx: Context, id: string, submission?: Submissions[K]): Promise<Outcome<Completion>>;
  /** A flow that somebody goes on with by other means than a submission. */
  take(ctx: Context, id: string): Promise<Flow>;
  /** Begins another flow in the place of one that cannot go on, and makes the error that tells of it. */
  supersede(ctx: Context, flow: Flow, why: Message): Promise<Error>;
}

/** Makes the engine of one kind of flow. Every rule that strategies must not forget is here, before any of them runs. */
export function createFlowEngine<K extends FlowKind, Completion>(
  definition: FlowDefinition<K, Completion>,
  strategies: Strategies,
  reactions?: Reactions,
): FlowEngine<K, Completion> {
  const { kind } = definition;

  async function create(ctx: Context, init: FlowInit, greeting?: Message): Promise<Flow> {
    // What greets is the end of another flow, which has been counted.
    if (!greeting) assertMayBegin(ctx);
    const { initialState: state } = definition;
    const flow = newFlow(ctx, kind, init, { state, lifespanMs: definition.lifespanMs(ctx) });
    await definition.load?.(ctx, flow);
    flow.ui = await definition.form(ctx, flow, strategies);
    if (greeting) flow.ui.messages.push(greeting);
    else {
      // A flow that takes the place of another is no new beginning.
      await reactions?.before(ctx, { flow, ...(flow.account && { identity: flow.account }) });
      await begin(ctx, flow);
    }
    await insertFlow(ctx, flow);
    return flow;
  }

  /** Lets a method take the first step where it is the only one. */
  async function begin(ctx: Context, flow: Flow): Promise<void> {
    for (const strategy of Object.values(strategies) as Strategy<Method>[]) {
      if (!strategy.enabled(ctx.config, kind) || !definition.fits(ctx, flow, strategy)) continue;
      const page = await (strategy[kind] as Pick<Step<K, Method>, "start"> | undefined)?.start?.(ctx, flow);
      if (!page) continue;
      flow.active = strategy.name;
      flow.ui = page;
      return;
    }
  }

  async function judge(ctx: Context, flow: Flow, submission?: Submissions[K]): Promise<Outcome<Completion>> {
    if (!submission && ctx.call.malformed !== undefined) {
      // The form that tells of it holds what was typed before.
      if (csrfTokenOf(ctx)) assertSameBrowser(ctx, flow);
      return complain(ctx, flow, await unanswered(ctx, flow, invalidSubmission(ctx.call.malformed)));
    }
    try {
      if (submission && definition.carriesSecret?.(submission)) assertNotForeign(ctx, flow);
      else assertGenuine(ctx, flow, submission?.csrfToken ?? "");
    } catch (error) {
      // Told in the form, since it is the developer of a native client who has to see it.
      if (reasonOf(error) !== ErrorReason.API_FLOW_FROM_BROWSER) throw error;
      return complain(ctx, flow, [{ message: invalidSubmission(explanationOf(error) ?? "") }]);
    }
    const strategy = enabledStrategy(ctx, flow, submission);
    const step = strategy?.[kind] as Step<K, never> | undefined;
    if (!submission || !strategy || !step) return complain(ctx, flow, await unanswered(ctx, flow, definition.noStrategy, submission));
    flow.transientPayload = submission.transientPayload;
    const input = submission.method.value as never;
    const inspected = (await definition.inspect?.(ctx, flow, submission)) ?? [];
    const missing = step.missing?.(flow, input) ?? [];
    if (inspected.length || missing.length) return complain(ctx, flow, [...inspected, ...missing]);
    const verdict = await step.submit(ctx, flow, input).catch(async (error: unknown) => {
      if (reasonOf(error) === ErrorReason.TOO_MANY_REQUESTS) await audit(ctx, flow, { outcome: "throttled", method: strategy.name });
      throw error;
    });
    switch (verdict.kind) {
      case "passed":
        return finish(ctx, flow, strategy, verdict.result as Results[K]);
      case "rejected":
        await audit(ctx, flow, { outcome: "failed", method: strategy.name, ...verdict });
        return complain(ctx, flow, verdict.complaints);
      case "throttled":
        await audit(ctx, flow, { outcome: "throttled", method: strategy.name, identityId: verdict.identityId });
        throw tooManyTries(verdict.waitMs);
      case "pending":
        if (verdict.failed) await auditFailure(ctx, flow, strategy, verdict.failed);
        if (definition.namesMethod(strategy)) flow.active = strategy.name;
        if (verdict.page) flow.ui = verdict.page;
        else {
          // Clients of Kratos are told of a payload between two pages even where they sent none.
          flow.transientPayload ??= {};
          flow.ui = await definition.form(ctx, flow, strategies);
          if (verdict.failed) flow.ui.messages.push(...verdict.failed);
          else await begin(ctx, flow);
        }
        await updateFlow(ctx, flow);
        return { kind: "pending", flow };
      case "over":
        await auditFailure(ctx, flow, strategy, [verdict.why]);
        throw await supersede(ctx, flow, verdict.why);
      case "redirected":
        await updateFlow(ctx, flow);
        return { kind: "redirected", flow, url: verdict.url };
    }
  }

  const auditFailure = (ctx: Context, flow: Flow, { name: method }: Strategy<Method>, messages: readonly Message[]) =>
    audit(ctx, flow, { outcome: "failed", method, complaints: messages.map((message) => ({ message })) });

  /** What is said to a client that names no method, or whose body could not be read. */
  const unanswered = async (ctx: Context, flow: Flow, message: Message, submission?: Submissions[K]) =>
    (await definition.unanswered?.(ctx, flow, message, submission)) ?? [{ message }];

  function enabledStrategy(ctx: Context, flow: Flow, submission?: Submissions[K]): Strategy<Method> | undefined {
    const arm = submission?.method.case as Method | undefined;
    if (!arm) return undefined;
    const strategy = strategies[arm] as Strategy<Method> | undefined;
    if (strategy?.enabled(ctx.config, kind)) return definition.fits(ctx, flow, strategy) ? strategy : undefined;
    // What merely looks like a method that is off was not asked of it.
    if (ctx.call.unnamed) return undefined;
    throw problem(ErrorReason.METHOD_DISABLED, { reason: "This method is switched off here." });
  }

  async function finish(ctx: Context, flow: Flow, strategy: Strategy<Method>, result: Results[K]) {
    const before = flow.active;
    if (definition.namesMethod(strategy)) flow.active = strategy.name;
    const completion = await definition.complete(ctx, flow, strategy, result);
    const { identityId } = { ...result, ...completion } as { readonly identityId?: string };
    if (completion && typeof completion === "object" && "complaints" in completion) {
      await audit(ctx, flow, { outcome: "failed", method: strategy.name, identityId, complaints: completion.complaints });
      // Nobody who has not been signed up has a method; everybody else has shown theirs, whatever stands in the way.
      if (kind === "registration") flow.active = before;
      return complain(ctx, flow, completion.complaints);
    }
    await audit(ctx, flow, { outcome: "passed", method: strategy.name, identityId });
    return { kind: "completed" as const, completion: completion as Completion, flow };
  }

  async function submit(ctx: Context, id: string, submission?: Submissions[K]) {
    const flow = await findFlow(ctx, kind, id);
    const complaints = await definition.admit(ctx, flow);
    if (flow.expiresAt <= ctx.now()) throw await supersede(ctx, flow);
    await definition.load?.(ctx, flow);
    const said = flow.ui.messages;
    clearMessages(flow.ui);
    if (definition.keepsMessages) flow.ui.messages = said;
    if (complaints?.length) return complain(ctx, flow, complaints);
    return judge(ctx, flow, submission ?? definition.resume?.(ctx, flow));
  }

  async function supersede(ctx: Context, flow: Flow, over?: Message) {
    assertMayBegin(ctx);
    const { type, requestUrl, returnTo, requestedAal, refresh, identityId, identitySchema, organizationId } = flow;
    const init = { type, requestUrl, returnTo, requestedAal, refresh, identityId, identitySchema, organizationId };
    const next = await create(ctx, { ...init, ...definition.heir?.(ctx, flow) }, over ?? definition.expired(flow.expiresAt));
    return (definition.replaced ?? replacedError)(ctx, flow, next, !over);
  }

  async function fetch(ctx: Context, id: string) {
    const flow = await findFlow(ctx, kind, id);
    await definition.view?.(ctx, flow);
    assertSameBrowser(ctx, flow);
    if (flow.expiresAt <= ctx.now()) throw expiredOnFetch(ctx, flow);
    await definition.load?.(ctx, flow);
    return flow;
  }

  async function take(ctx: Context, id: string) {
    const flow = await findFlow(ctx, kind, id);
    if (flow.expiresAt <= ctx.now()) throw await supersede(ctx, flow);
    return flow;
  }

  return { create, fetch, submit, take, supersede };
}

async function complain(ctx: Context, flow: Flow, complaints: readonly Complaint[]) {
  addMessages(flow.ui, complaints);
  await updateFlow(ctx, flow);
  return { kind: "rejected" as const, flow };
}
