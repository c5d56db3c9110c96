import type { JsonObject } from "@bufbuild/protobuf";
import { isLinkToken, redeemCode } from "../code/redeem.ts";
import type { Context } from "../context.ts";
import { ErrorReason, problem } from "../errors.ts";
import { identityById } from "../identity/statements.ts";
import { markVerified } from "../identity/verify-address.ts";
import { issueSession, sessionToBe } from "../session/issue.ts";
import type { IssuedSession } from "../session/issue.ts";
import { forgetPasswordGuesses } from "../throttle/password-guess.ts";
import { endFactorFailures } from "../throttle/second-factor-guess.ts";
import { noRecoveryStrategy, recovered, recoveryCodeInvalid, recoveryFlowExpired, recoveryLinkInvalid } from "../ui/code-messages.ts";
import type { Message } from "../ui/message.ts";
import { accountDisabled } from "../ui/messages.ts";
import { audit } from "../flow/audit.ts";
import { ensureCsrfToken, renewCsrfToken } from "../flow/csrf.ts";
import { createFlowEngine } from "../flow/engine.ts";
import type { FlowEngine } from "../flow/engine.ts";
import type { FlowView } from "../flow/attempt.ts";
import type { Completed } from "../flow/definition.ts";
import type { Flow } from "../flow/flow.ts";
import { defineMemory, isRecord } from "../flow/memory.ts";
import { advance } from "../flow/progress.ts";
import { askRecovery, choosesAddress } from "../proof/recovery-form.ts";
import type { Reactions } from "../flow/reactions.ts";
import { expiry, successor, uiLocation } from "../flow/replacement.ts";
import { updateFlow } from "../flow/repository.ts";
import type { Changed } from "./settings.ts";
import type { AddressProof, Refusal } from "../flow/results.ts";
import type { Strategies } from "../flow/strategy.ts";
import type { FindSuccessor } from "../flow/works.ts";

/** What getting back in ends with: a session, and a form of settings to put things right. */
export interface Recovered {
  readonly session: IssuedSession;
  readonly settings: Flow<"settings">;
}

/** Whether whoever gets back in is sent on without having been shown their settings. */
export const skipsSettings = defineMemory("recovery", (value): value is { readonly skipsSettings: boolean } => isRecord(value) && typeof value["skipsSettings"] === "boolean");

/** Recovery, and the way into it from a mail. */
export interface RecoveryEngine extends FlowEngine<"recovery", Recovered> {
  /** Follows the link in a mail: lets the person in, in whichever browser. */
  open(ctx: Context, id: string, token: string): Promise<Completed<"recovery", Recovered>>;
}

/** Recovery: a passed submission lets somebody in who cannot sign in, and leads them to their settings. */
export function recoveryEngine(
  strategies: Strategies,
  settings: FlowEngine<"settings", Changed>,
  reactions: Reactions,
  successor: FindSuccessor,
): RecoveryEngine {
  const engine = createFlowEngine<"recovery", Recovered>({
    definition: {
      kind: "recovery",
      noStrategy: noRecoveryStrategy(),
      lifespanMs: ({ config }) => config.selfservice.flows.recovery.lifespan,
      form: async (ctx) => ({
        form: askRecovery(ctx),
        active: ctx.config.selfservice.flows.recovery.use,
        ...(choosesAddress(ctx) && { state: "recovery_awaiting_address" as const }),
      }),
      // Kratos takes a link where codes are shown, but no code where links are.
      fits: ({ config }, _, { name }) => name === "link" || config.selfservice.flows.recovery.use === name,
      namesMethod: () => true,
      carriesSecret: ({ method }) => method.case === "code" && Boolean(method.value.code),
      unanswered,
      heir: (flow) => ({ memory: skipsSettings.with(skipsSettings.of(flow)) }),
      replaced,
      expired: recoveryFlowExpired,
      complete: (ctx, view, { name }, proof) => complete(ctx, view, name, proof),
    },
    strategies,
    reactions,
    successor,
  });
  return { ...engine, open };

  async function open(ctx: Context, id: string, token: string) {
    const flow = await engine.take(ctx, id);
    const proof = isLinkToken(token) ? await redeemCode(ctx, { flowId: flow.id, purpose: "recovery" }, token) : undefined;
    const view = { flow, attempt: {} };
    const completed = proof?.identityId ? await complete(ctx, view, "link", { ...proof, identityId: proof.identityId }) : undefined;
    if (!completed || "complaints" in completed) {
      audit(ctx, view, { outcome: "failed", method: "link", identityId: proof?.identityId, ...completed });
      const why = completed?.complaints[0]?.message ?? recoveryLinkInvalid();
      // A link is opened by a browser, whoever asked for it.
      throw await engine.replace(ctx, { ...flow, type: "browser", requestUrl: ctx.call.url }, why);
    }
    audit(ctx, completed, { outcome: "passed", method: "link", identityId: completed.completion.settings.identityId });
    return completed;
  }

  /** An address that has left the account meanwhile opens it no more; a code without one was handed over. */
  async function complete(ctx: Context, view: FlowView<"recovery">, by: string, { identityId, via, address }: AddressProof): Promise<Completed<"recovery", Recovered> | Refusal> {
    const identity = await identityById(ctx, identityId);
    if (identity?.state !== "active") return { complaints: [{ message: accountDisabled() }] };
    if (address && !identity.recoveryAddresses.some((one) => one.via === via && one.value === address))
      return { complaints: [{ message: by === "link" ? recoveryLinkInvalid() : recoveryCodeInvalid() }] };
    const method = { method: `${by}_recovery`, aal: "aal1" as const, completed_at: ctx.now().toISOString() };
    const flow = advance(view.flow, { active: by, state: "passed_challenge" });
    const event = { ...view, flow, method: by, session: sessionToBe(ctx, identity, [method]) };
    const written = await ctx.tx(async (tx) => {
      const issued = await issueSession(tx, identityId, [method]);
      await markVerified(tx, identityId, { via, value: address });
      await forgetPasswordGuesses(tx, identity.credentials.find(({ type }) => type === "password")?.identifiers ?? []);
      // What was sent to no address comes from an administrator.
      if (!address) await endFactorFailures(tx, identityId);
      const attempt = await reactions.within(tx, { ...event, identity, session: { ...event.session, id: issued.id } });
      return { session: issued, attempt, flow: await updateFlow(tx, flow) };
    });
    const { session } = written;
    const after = (await identityById(ctx, identityId)) ?? identity;
    const attempt = await reactions.after(ctx, { ...event, attempt: written.attempt, identity: after, session: { ...event.session, id: session.id } });
    // The browser gets a new token with its session, and the form of settings has to know it.
    const init = settingsInit(ctx, flow, identityId);
    if (init.type === "browser") renewCsrfToken(ctx);
    const { flow: next } = await settings.create(ctx, init, recovered(deadline(ctx)));
    return { flow: written.flow, attempt, completion: { session, settings: next } };
  }
}

/** The form of settings is asked for, in effect, by the submission that led to it. */
function settingsInit(ctx: Context, { type, returnTo, organizationId }: Flow, identityId: string) {
  const url = new URL(ctx.call.url);
  if (returnTo) url.searchParams.set("return_to", returnTo);
  url.searchParams.sort();
  return { type: url.searchParams.has("token") ? ("browser" as const) : type, requestUrl: url.href, returnTo, organizationId, identityId };
}

const deadline = ({ config, now }: Context): Date =>
  new Date(now().getTime() + config.selfservice.flows.settings.privileged_session_max_age);

const unanswered = async ({ call }: Context, _: Flow, message: Message) => ({
  complaints: [{ message }],
  ...(call.malformed === undefined && { progress: { active: "default" } }),
});

/** Clients that know transitions are told in the error where to go on; others are sent there. */
function replaced(ctx: Context, flow: Flow, next: Flow, expired: boolean): Error {
  const { use_continue_with_transitions: transitions } = ctx.config.feature_flags;
  const shown: JsonObject = { id: next.id };
  if (flow.type === "browser") shown["url"] = uiLocation(ctx, "recovery", next.id);
  const details = { continue_with: [{ action: "show_recovery_ui", flow: shown }] };
  // Kratos sends browsers on where a flow has run out, whatever they know.
  const told = transitions && flow.type === "api" ? { details } : {};
  if (expired) return problem(ErrorReason.SELF_SERVICE_FLOW_EXPIRED, { ...expiry(ctx, flow, next), ...told });
  ensureCsrfToken(ctx);
  if (!transitions) return problem(ErrorReason.SELF_SERVICE_FLOW_REPLACED, successor(ctx, next));
  const { location } = successor(ctx, next);
  return problem(ErrorReason.BAD_REQUEST, { reason: "The flow is over. Another takes its place.", details, location });
}
