import type { DescMessage, MessageInitShape } from "@bufbuild/protobuf";
import type { Context } from "../../context.ts";
import type { FlowView } from "../../flow/attempt.ts";
import type { CallbackState } from "../../flow/callback-state.ts";
import { ensureCsrfToken } from "../../flow/csrf.ts";
import type { FlowEngine } from "../../flow/engine.ts";
import type { FlowKind, Submissions } from "../../flow/kinds.ts";
import type { FlowInit } from "../../flow/new-flow.ts";
import type { Outcome } from "../../flow/pipeline/outcome.ts";
import { uiLocation } from "../../flow/replacement.ts";
import { requestUrlOf } from "../../flow/request-url.ts";
import { returnToClient, returnExpiredToClient } from "./return-to-client.ts";
import { goOnSignedIn } from "./already-signed-in.ts";
import { browser } from "./browser.ts";
import { askForLoginRequest } from "./login-challenge.ts";
import { refuseSubmission } from "./submission.ts";

/** What a submission has completed. */
export type Done<Completion> = Pick<
  Extract<Outcome<Completion>, { readonly kind: "completed" }>,
  "flow" | "attempt" | "completion"
>;

/** What is peculiar to one of the services of self-service. */
export interface SelfService<K extends FlowKind, Completion, Begin, Shown extends DescMessage, Answer> {
  readonly engine: FlowEngine<K, Completion>;
  readonly schema: Shown;
  present(ctx: Context, view: FlowView<K>): MessageInitShape<Shown>;
  /** Judges what a client wants to begin with. */
  init(
    ctx: Context,
    request: Begin,
    type: "browser" | "api",
  ): Promise<Omit<FlowInit, "type" | "requestUrl"> & Partial<Pick<FlowInit, "requestUrl">>>;
  completed(ctx: Context, done: Done<Completion>): Answer | Promise<Answer>;
  /** Where the next page of a form is an answer, and not told as an error that holds the form. */
  page?(ctx: Context, view: FlowView<K>): Answer;
  /** A flow that could not begin, told to browsers in another way. */
  notBegun?(ctx: Context, error: unknown, request: Begin): never;
  /** A flow that could not be shown, told in another way. */
  notShown?(ctx: Context, error: unknown): never;
  /** A flow that could not go on, told in another way. */
  notDone?(ctx: Context, error: unknown): Answer;
  /** What a flow of another kind has completed that took over. Where it has not, its page says what it asks for. */
  handedOver?(ctx: Context, done: Done<unknown>): Promise<Answer>;
}

/** Makes what the services of self-service have in common: beginning, showing and submitting a flow. */
export function serveFlows<K extends FlowKind, Completion, Begin, Shown extends DescMessage, Answer>(
  service: SelfService<K, Completion, Begin, Shown, Answer>,
) {
  const { engine, present } = service;
  const create = async (ctx: Context, request: Begin, type: "browser" | "api") =>
    engine.create(ctx, { requestUrl: requestUrlOf(ctx), ...(await service.init(ctx, request, type)), type });

  return {
    /** Begins a flow in a browser, which is sent to its page if it navigates. */
    begin: browser(async (request: Begin, ctx: Context) => {
      ensureCsrfToken(ctx);
      const view = await create(ctx, request, "browser").catch((error: unknown) =>
        (service.notBegun ?? rethrow)(ctx, error, request),
      );
      ctx.call.reply.redirect = uiLocation(ctx, view.flow.kind, view.flow.id);
      return { flow: present(ctx, view) };
    }),

    beginNative: async (request: Begin, ctx: Context) => ({ flow: present(ctx, await create(ctx, request, "api")) }),

    show: async ({ id }: { readonly id: string }, ctx: Context) => {
      ensureCsrfToken(ctx);
      const view = await engine.fetch(ctx, id).catch((error: unknown) => (service.notShown ?? rethrow)(ctx, error));
      await askForLoginRequest(ctx, view.flow);
      return { flow: present(ctx, view) };
    },

    submit: async (ctx: Context, id: string, submission: Submissions[K] | undefined): Promise<Answer> => {
      const outcome = await engine.submit(ctx, id, submission).catch((error: unknown) => ({
        kind: "astray" as const,
        answer: (service.notDone ?? rethrow)(ctx, error),
      }));
      return outcome.kind === "astray" ? outcome.answer : settle(ctx, service, outcome);
    },

    /** Goes on when a client comes back from where a method has sent it. */
    resume: async (ctx: Context, state: CallbackState, parameters: Readonly<Record<string, string>>): Promise<void> => {
      const outcome = await engine
        .resume(ctx, state, parameters)
        .catch(async (error: unknown) =>
          (await returnExpiredToClient(ctx, state, error)) ? undefined : goOnSignedIn(ctx, state, error),
        );
      if (outcome && !(await returnToClient(ctx, outcome))) await settle(ctx, service, outcome);
    },
  };
}

function rethrow(_: Context, error: unknown): never {
  throw error;
}

/** Answers a submission by where it has left its flow. */
async function settle<K extends FlowKind, Completion, Begin, Shown extends DescMessage, Answer>(
  ctx: Context,
  service: SelfService<K, Completion, Begin, Shown, Answer>,
  outcome: Outcome<Completion, K>,
): Promise<Answer> {
  if (outcome.kind === "completed") return service.completed(ctx, outcome);
  if (outcome.kind === "pending" && service.page) return service.page(ctx, outcome);
  if (outcome.kind === "handedOver" && outcome.outcome.kind === "completed" && service.handedOver)
    return service.handedOver(ctx, outcome.outcome);
  // A browser that navigates asks again, for the form on its page.
  if (!ctx.call.isNavigation) await askForLoginRequest(ctx, outcome.flow);
  const shown = { desc: service.schema, value: service.present(ctx, outcome) };
  throw refuseSubmission(ctx, outcome, shown);
}
