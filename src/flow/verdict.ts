import type { Context } from "../context.ts";
import type { SessionMethod } from "../session/entities.ts";
import type { Message } from "../ui/message.ts";
import type { Flow, Form, Memory } from "./flow.ts";
import type { FlowKind, Results } from "./kinds.ts";
import type { Progress } from "./progress.ts";
import type { Complaint } from "./results.ts";

/** What a client brings back from where it was sent: the parameters of its address, or of the form that it posts. */
export interface Callback {
  /** From where, by the method's name for that site: the state says so. */
  readonly at: string;
  readonly parameters: Readonly<Record<string, string>>;
}

/** What every verdict may say: how far the flow has come by it. */
interface Said<K extends FlowKind> extends Progress<K> {
  /** Clients of Kratos are told of a payload between some pages even where they sent none. */
  readonly payloadShown?: true;
  /** What was sent for hooks and mails before the client left: the flow goes on with it. */
  readonly transientPayload?: Record<string, unknown>;
}

/** A flow of which kind goes on in the place of this one, and with what: the person turned out to be known, or to be new. */
export type Handover = {
  readonly [k in FlowKind]: {
    readonly to: k;
    readonly draft: Results[k];
    /** What the flow that takes over remembers from the start: the method's own. */
    readonly remembers?: Memory;
    /** The form that it shows where something is in the way; its first page unless told otherwise. */
    readonly shows?: Form;
  };
}[FlowKind];

/** A flow of which kind begins in the place of this one, which cannot complete: what it remembers says why. */
export interface Detour {
  readonly to: FlowKind;
  readonly remembers: Memory;
}

/**
 * How a step judges what a client has sent. It is made by `pass`, `goOn`, `reject` and the like; what changes of the flow
 * (`form`, `state`, `memory`) stands beside it.
 *
 * @example
 * const judged = await judgePassword(ctx, { identifier, isRight: () => verifyHash(password, hash) });
 * if ("waitMs" in judged) return throttled(judged.waitMs, account?.id);
 * if (!account || !judged.right) return rejectFrom(account?.id, { message: invalidCredentials() });
 * return pass({ identityId: account.id, active: true, method: provedBy(ctx, flow, "password") });
 */
export type Verdict<K extends FlowKind> = Said<K> &
  (
    | { readonly kind: "passed"; readonly result: Results[K] }
    | { readonly kind: "pending"; readonly failed?: readonly Message[] }
    | { readonly kind: "aborted"; readonly why: Message }
    | { readonly kind: "rejected"; readonly complaints: readonly Complaint[]; readonly identityId?: string }
    | { readonly kind: "throttled"; readonly waitMs: number; readonly identityId?: string }
    | { readonly kind: "redirected"; readonly url: string }
    | ({ readonly kind: "handedOver" } & Handover)
  );

/** The client has proved what the flow asked for. */
export const pass = <R>(result: R) => ({ kind: "passed" as const, result });

/** The form goes on: another page, no complaint. Without a form it is drawn anew. */
export const goOn = <P extends Progress>(progress: P) => ({ kind: "pending" as const, ...progress });

/** The form goes on with this page, which says by itself what was wrong. */
export const goOnAfterFailure = <P extends Progress & Required<Pick<Progress, "form">>>(progress: P) => ({
  kind: "pending" as const,
  ...progress,
  failed: progress.form.messages,
});

/** The form is drawn anew from where this flow stands now, and says what was wrong. */
export const startOver = <P extends Progress>(why: Message, progress: P) => ({
  kind: "pending" as const,
  ...progress,
  failed: [why],
});

/** The flow cannot go on: another takes its place, and begins by saying why. */
export const abort = (why: Message) => ({ kind: "aborted" as const, why });

/** The submission will not do. */
export const reject = (...complaints: readonly Complaint[]) => ({ kind: "rejected" as const, complaints });

/** The submission will not do; the log, and nobody else, is told whom it was about. */
export const rejectFrom = (identityId: string | undefined, ...complaints: readonly Complaint[]) => ({
  kind: "rejected" as const,
  complaints,
  ...(identityId !== undefined && { identityId }),
});

/** The submission was not looked at: its sender has tried too often. The log alone is told whom it was about. */
export const throttled = (waitMs: number, identityId: string | undefined) => ({
  kind: "throttled" as const,
  waitMs,
  ...(identityId !== undefined && { identityId }),
});

/** The client goes on elsewhere. It comes back by a state (`issueState`, `Step.resume`), or loads the form again. */
export const redirect = <P extends Progress>(url: string, progress: P) => ({
  kind: "redirected" as const,
  url,
  ...progress,
});

/** A flow of another kind goes on with this, and completes if it can. */
export const handOver = <H extends Handover>(handover: H) => ({ kind: "handedOver" as const, ...handover });

/** What a session rests on that was opened, or stepped up, by this method in this flow. */
export const provedBy = (
  ctx: Context,
  { requestedAal }: Pick<Flow, "requestedAal">,
  method: string,
  about: Partial<SessionMethod> = {},
): SessionMethod => ({
  method,
  aal: `aal${requestedAal}`,
  completed_at: ctx.now().toISOString(),
  ...about,
});
