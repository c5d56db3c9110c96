import type { Context } from "../context.ts";
import type { FlowView } from "../flow/attempt.ts";
import { audit } from "../flow/audit.ts";
import { renewCsrfToken } from "../flow/csrf.ts";
import type { Completed } from "../flow/definition.ts";
import type { FlowEngine } from "../flow/engine.ts";
import type { Flow } from "../flow/flow.ts";
import { advance } from "../flow/progress.ts";
import type { HookRunner } from "../flow/hook-runner.ts";
import { updateFlow } from "../flow/repository.ts";
import type { AddressProof, Refusal } from "../flow/results.ts";
import { identityById } from "../identity/statements.ts";
import { markVerified } from "../identity/write.ts";
import { endFactorFailures } from "../identity/factors.ts";
import { issueSession, sessionToBe } from "../session/issue.ts";
import type { IssuedSession } from "../session/issue.ts";
import { forgetPasswordGuesses } from "../throttle/password-guess.ts";
import { recovered, recoveryCodeInvalid, recoveryLinkInvalid } from "../ui/code-messages.ts";
import { accountDisabled } from "../ui/messages.ts";
import type { Changed } from "./settings.ts";

/** What getting back in ends with: a session, and a form of settings to put things right. */
export interface RecoveryCompletion {
  readonly session: IssuedSession;
  readonly settings: Flow<"settings">;
}

/** What letting somebody in takes. */
export interface Dependencies {
  readonly settings: FlowEngine<"settings", Changed>;
  readonly hookRunner: HookRunner;
}

/** Lets somebody in. An address that has left the account meanwhile opens it no more; a code without one was handed over. */
export async function completeRecovery(
  { settings, hookRunner }: Dependencies,
  ctx: Context,
  view: FlowView<"recovery">,
  by: string,
  { identityId, via, address }: AddressProof,
): Promise<Completed<"recovery", RecoveryCompletion> | Refusal> {
  const identity = await identityById(ctx, identityId);
  if (identity?.state !== "active") return { complaints: [{ message: accountDisabled() }] };
  if (address && !identity.recoveryAddresses.some((one) => one.via === via && one.value === address))
    return { complaints: [{ message: by === "link" ? recoveryLinkInvalid() : recoveryCodeInvalid() }] };
  const method = { method: `${by}_recovery`, aal: "aal1" as const, completed_at: ctx.now().toISOString() };
  const flow = advance(view.flow, { active: by, state: "passed_challenge" });
  const event = { ...view, flow, method: by, session: sessionToBe(ctx, identity, [method]) };
  const cause = { reason: `recovery.${by}` } as const;
  const written = await ctx.tx(async (tx) => {
    // First what locks the account: of two that refer to it already, and then want the lock, InnoDB lets neither go on.
    await markVerified(tx, identityId, { via, value: address }, cause);
    const issued = await issueSession(tx, identityId, [method], cause);
    await audit(tx, view, { outcome: "passed", method: by, identityId, sessionId: issued.id });
    await forgetPasswordGuesses(tx, identity.credentials.find(({ type }) => type === "password")?.identifiers ?? []);
    // What was sent to no address comes from an administrator.
    if (!address) await endFactorFailures(tx, identityId);
    const attempt = await hookRunner.within(tx, { ...event, identity, session: { ...event.session, id: issued.id } });
    return { session: issued, attempt, flow: await updateFlow(tx, flow) };
  });
  const { session } = written;
  const after = (await identityById(ctx, identityId)) ?? identity;
  const attempt = await hookRunner.after(ctx, {
    ...event,
    attempt: written.attempt,
    identity: after,
    session: { ...event.session, id: session.id },
  });
  // The browser gets a new token with its session, and the form of settings has to know it.
  const init = settingsInit(ctx, flow, identityId);
  if (init.type === "browser") renewCsrfToken(ctx);
  const { flow: next } = await settings.create(ctx, init, recovered(deadline(ctx)));
  return { flow: written.flow, attempt, completion: { session, settings: next } };
}

/** The form of settings is asked for, in effect, by the submission that led to it. */
function settingsInit(ctx: Context, { type, returnTo, organizationId }: Flow, identityId: string) {
  const url = new URL(ctx.call.url);
  if (returnTo) url.searchParams.set("return_to", returnTo);
  url.searchParams.sort();
  return {
    type: url.searchParams.has("token") ? ("browser" as const) : type,
    requestUrl: url.href,
    returnTo,
    organizationId,
    identityId,
  };
}

const deadline = ({ config, now }: Context): Date =>
  new Date(now().getTime() + config.selfservice.flows.settings.privileged_session_max_age);
