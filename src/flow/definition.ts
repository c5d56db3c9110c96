import type { Context } from "../context.ts";
import type { Message } from "../ui/message.ts";
import type { Attempt, FlowView } from "./attempt.ts";
import type { Flow, Form, Memory } from "./flow.ts";
import type { FlowKind, Results, Submissions } from "./kinds.ts";
import type { FlowInit } from "./new-flow.ts";
import type { Progress } from "./progress.ts";
import type { ExpiryOnFetch } from "./replacement.ts";
import type { Complaint, Refusal } from "./results.ts";
import type { Method, Strategies, Strategy } from "./strategy.ts";
import type { Detour } from "./verdict.ts";

/** A form as it is drawn, and what else there is to keep. */
export type RenderedForm<K extends FlowKind> = Progress<K> & { readonly form: Form };

/** What is said of a submission before its method looks at it. */
export interface Inspection<K extends FlowKind> extends Refusal {
  readonly progress?: Progress<K>;
  readonly traits?: Attempt["traits"];
}

/** That a flow has reached what it was for. */
export interface Completed<K extends FlowKind, Completion> extends FlowView<K> {
  readonly completion: Completion;
}

/** What is peculiar to one kind of flow. */
export interface FlowDefinition<K extends FlowKind, Completion> {
  readonly kind: K;
  readonly noStrategy: Message;
  lifespanMs(ctx: Context): number;
  /** The whole form, as it is at this point of the flow. */
  form(ctx: Context, view: FlowView<K>, strategies: Strategies): Promise<RenderedForm<K>>;
  /** Who may go on with a flow. Throws what the client is told, or says what the form shall tell. */
  admit?(ctx: Context, flow: Flow<K>): Promise<readonly Complaint[] | void>;
  /** Who may see a flow, where the browser's token is not all that it takes. Throws what the client is told. */
  view?(ctx: Context, flow: Flow<K>): Promise<void>;
  /** What is not stored with a flow, before anybody looks at it. */
  load?(ctx: Context, flow: Flow<K>): Promise<Attempt & { readonly memory?: Memory }>;
  /** What was submitted before, where the client comes back with empty hands. It is given out once. */
  held?(
    ctx: Context,
    flow: Flow<K>,
  ): { readonly submission: Submissions[K] | undefined; readonly memory: Memory } | undefined;
  /** Whether a method serves what this flow is for. */
  fits(ctx: Context, flow: Flow<K>, strategy: Strategy<Method>): boolean;
  /** Whether a flow tells that this method was last at work. */
  namesMethod(strategy: Strategy<Method>): boolean;
  /** Whether a flow that did not complete after all tells of the method that was at work before. */
  readonly unnamesMethod?: true;
  /** The message that a replacement begins with, after the flow before it has run out. */
  expired(expiredAt: Date): Message;
  readonly expiredOnFetch?: ExpiryOnFetch;
  /** Looks at a submission before its method does. */
  inspect?(ctx: Context, view: FlowView<K>, submission: Submissions[K], strategies: Strategies): Promise<Inspection<K>>;
  /** Whether a submission proves by a secret of its own that it is meant: then it needs no token of the browser's. */
  carriesSecret?(submission: Submissions[K]): boolean;
  /** Whether what a form has said stays, until a method says something else. */
  readonly keepsMessages?: boolean;
  /** Says it in its own way to a client that names no method, or whose body could not be read. */
  unanswered?(
    ctx: Context,
    flow: Flow<K>,
    message: Message,
    submission?: Submissions[K],
  ): Promise<Refusal & { readonly progress?: Progress<K> }>;
  /** What a replacement does not take over from the flow before it as it was. */
  heir?(flow: Flow<K>): Partial<FlowInit>;
  /** The error for a flow that has run out or cannot go on, where it is not told as usual. */
  replaced?(ctx: Context, flow: Flow<K>, next: Flow<K>, expired: boolean): Error;
  /** Somebody has not got through. */
  failed?(ctx: Context): Promise<void>;
  /** Throws where this kind of flow is switched off: asked before one takes over from another, with what it would begin with. */
  assertEnabled?(ctx: Context, from: Flow, draft: Results[K]): Promise<void>;
  /** Looks at a result whose traits are no part of a submission, before it completes the flow. */
  inspectResult?(ctx: Context, view: FlowView<K>, result: Results[K]): Promise<Inspection<K>>;
  /** What passing means. Records in the transaction that writes it that somebody has passed. */
  complete(
    ctx: Context,
    view: FlowView<K>,
    strategy: Strategy<Method>,
    result: Results[K],
  ): Promise<Completed<K, Completion> | Refusal | { readonly detour: Detour }>;
}
