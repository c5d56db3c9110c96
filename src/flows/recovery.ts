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
import type { Flow } from "../flow/flow.ts";
import { askRecovery, choosesAddress } from "../proof/recovery-form.ts";
import type { Reactions } from "../flow/reactions.ts";
import { expiry, successor, uiLocation } from "../flow/replacement.ts";
import { updateFlow } from "../flow/repository.ts";
import type { Changed } from "./settings.ts";
import type { AddressProof, Complaint, Strategies } from "../flow/strategy.ts";

/** What getting back in ends with: a session, and a form of settings to put things right. */
export interface Recovered {
  readonly session: IssuedSession;
  readonly settings: Flow;
}

/** Recovery, and the way into it from a mail. */
export interface RecoveryEngine extends FlowEngine<"recovery", Recovered> {
  /** Follows the link in a mail: lets the person in, in whichever browser. */
  open(ctx: Context, id: string, token: string): Promise<{ readonly flow: Flow; readonly completion: Recovered }>;
}

type Completion = Recovered | { readonly complaints: readonly Complaint[] };

/** Recovery: a passed submission lets somebody in who cannot sign in, and leads them to their settings. */
export function recoveryEngine(
  strategies: Strategies,
  settings: FlowEngine<"settings", Changed>,
  reactions: Reactions,
): RecoveryEngine {
  const engine = createFlowEngine<"recovery", Recovered>(
    {
      kind: "recovery",
      initialState: "choose_method",
      noStrategy: noRecoveryStrategy(),
      lifespanMs: ({ config }) => config.selfservice.flows.recovery.lifespan,
      form: async (ctx, flow) => {
        flow.active = ctx.config.selfservice.flows.recovery.use;
        if (choosesAddress(ctx)) flow.state = "recovery_awaiting_address";
        return askRecovery(ctx);
      },
      admit: async () => undefined,
      // Kratos takes a link where codes are shown, but no code where links are.
      fits: ({ config }, _, { name }) => name === "link" || config.selfservice.flows.recovery.use === name,
      namesMethod: () => true,
      carriesSecret: ({ method }) => method.case === "code" && Boolean(method.value.code),
      unanswered,
      heir: (ctx, flow) => ({ internal: { skipsSettings: flow.internal["skipsSettings"] } }),
      replaced,
      expired: recoveryFlowExpired,
      complete: (ctx, flow, { name }, proof) => complete(ctx, flow, name, proof),
    },
    strategies,
    reactions,
  );
  return { ...engine, open };

  async function open(ctx: Context, id: string, token: string) {
    const flow = await engine.take(ctx, id);
    const proof = isLinkToken(token) ? await redeemCode(ctx, { flowId: flow.id, purpose: "recovery" }, token) : undefined;
    const completion = proof?.identityId ? await complete(ctx, flow, "link", { ...proof, identityId: proof.identityId }) : undefined;
    if (!completion || "complaints" in completion) {
      await audit(ctx, flow, { outcome: "failed", method: "link", identityId: proof?.identityId, ...completion });
      const why = completion?.complaints[0]?.message ?? recoveryLinkInvalid();
      // A link is opened by a browser, whoever asked for it.
      throw await engine.supersede(ctx, { ...flow, type: "browser", requestUrl: ctx.call.url }, why);
    }
    await audit(ctx, flow, { outcome: "passed", method: "link", identityId: completion.settings.identityId });
    return { flow, completion };
  }

  /** An address that has left the account meanwhile opens it no more; a code without one was handed over. */
  async function complete(ctx: Context, flow: Flow, by: string, { identityId, via, address }: AddressProof): Promise<Completion> {
    const identity = await identityById(ctx, identityId);
    if (identity?.state !== "active") return { complaints: [{ message: accountDisabled() }] };
    if (address && !identity.recoveryAddresses.some((one) => one.via === via && one.value === address))
      return { complaints: [{ message: by === "link" ? recoveryLinkInvalid() : recoveryCodeInvalid() }] };
    const method = { method: `${by}_recovery`, aal: "aal1" as const, completed_at: ctx.now().toISOString() };
    flow.active = by;
    flow.state = "passed_challenge";
    const occasion = { flow, method: by, session: sessionToBe(ctx, identity, [method]) };
    const session = await ctx.tx(async (tx) => {
      const issued = await issueSession(tx, identityId, [method]);
      await markVerified(tx, identityId, { via, value: address });
      await forgetPasswordGuesses(tx, identity.credentials.find(({ type }) => type === "password")?.identifiers ?? []);
      // What was sent to no address comes from an administrator.
      if (!address) await endFactorFailures(tx, identityId);
      await reactions.within(tx, { ...occasion, identity, session: { ...occasion.session, id: issued.id } });
      await updateFlow(tx, flow);
      return issued;
    });
    const after = (await identityById(ctx, identityId)) ?? identity;
    await reactions.after(ctx, { ...occasion, identity: after, session: { ...occasion.session, id: session.id } });
    // The browser gets a new token with its session, and the form of settings has to know it.
    const init = settingsInit(ctx, flow, identityId);
    if (init.type === "browser") renewCsrfToken(ctx);
    return { session, settings: await settings.create(ctx, init, recovered(deadline(ctx))) };
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

function unanswered({ call }: Context, flow: Flow, message: Message): readonly Complaint[] {
  if (call.malformed === undefined) flow.active = "default";
  return [{ message }];
}

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
