import { isLinkToken, isRightCode, redeemCode } from "../code/redeem.ts";
import type { Context } from "../context.ts";
import { change } from "../db/query.ts";
import { identityById } from "../identity/statements.ts";
import { markVerified } from "../identity/write.ts";
import {
  noVerificationStrategy,
  verificationDone,
  verificationFlowExpired,
  verificationLinkInvalid,
} from "../ui/code-messages.ts";
import { withValue } from "../ui/form.ts";
import type { Message } from "../ui/message.ts";
import { countCodeTry, takeBackTry } from "../proof/code-tries.ts";
import { audit } from "../flow/audit.ts";
import { csrfHash, ensureCsrfToken } from "../flow/csrf.ts";
import { createFlowEngine } from "../flow/engine.ts";
import type { FlowEngine } from "../flow/engine.ts";
import { flows } from "../flow/entities.ts";
import type { FlowView } from "../flow/attempt.ts";
import type { Completed, FlowDefinition } from "../flow/definition.ts";
import type { Flow } from "../flow/flow.ts";
import type { Submissions } from "../flow/kinds.ts";
import { advance } from "../flow/progress.ts";
import { applyChange, pendingChangeOf } from "./pending-change.ts";
import { pendingLogin } from "./pending-login.ts";
import type { HookRunner } from "../flow/hook-runner.ts";
import { updateFlow } from "../flow/repository.ts";
import { destination } from "../flow/return-to.ts";
import type { AddressProof, Refusal } from "../flow/results.ts";
import type { Strategies } from "../flow/strategy.ts";
import type { FindEngine } from "../flow/engine-parts.ts";
import { askAddress, askAgain, verifiedPage, verificationMethod } from "../proof/verification-form.ts";

/** Verification, and the two ways into it from a mail. */
export interface VerificationEngine extends FlowEngine<"verification", void> {
  /** Follows the link in a mail: proves the address, in whichever browser. */
  open(ctx: Context, id: string, token: string): Promise<FlowView<"verification">>;
  /** Follows the link beside a code: fills the code in, for whichever browser. The person has yet to send it. */
  prefill(ctx: Context, id: string, code: string): Promise<FlowView<"verification">>;
}

/** Verification: a passed submission shows an address to belong to its account. */
export function verificationEngine(
  strategies: Strategies,
  hookRunner: HookRunner,
  engineOf: FindEngine,
): VerificationEngine {
  const engine = createFlowEngine({ definition: definitionOf(hookRunner), strategies, hookRunner, engineOf });
  return {
    ...engine,
    open: (ctx, id, token) => open(engine, hookRunner, ctx, id, token),
    prefill: (ctx, id, code) => prefill(engine, ctx, id, code),
  };
}

const definitionOf = (hookRunner: HookRunner): FlowDefinition<"verification", void> => ({
  kind: "verification",
  noStrategy: noVerificationStrategy(),
  lifespanMs: ({ config }) => config.selfservice.flows.verification.lifespan,
  form: async (ctx, { flow }) => ({
    form: askAddress(ctx, flow, verificationMethod(ctx)),
    active: verificationMethod(ctx),
  }),
  fits: (ctx, _, strategy) => strategy.name === verificationMethod(ctx),
  namesMethod: () => true,
  keepsMessages: true,
  carriesSecret: ({ method }) => method.case === "code" && Boolean(method.value.code),
  unanswered,
  // Whoever comes back is a browser, which the link in a mail was opened by.
  heir: (flow) => ({ type: "browser", memory: pendingLogin.with(pendingLogin.of(flow)) }),
  expired: verificationFlowExpired,
  // As in Kratos.
  expiredOnFetch: { nameless: true, takesNoChallenge: true },
  complete: (ctx, view, { name }, proof) => complete(ctx, view, name as "code" | "link", proof, hookRunner),
});

/** Follows the link in a mail. */
async function open(
  engine: FlowEngine<"verification", void>,
  hookRunner: HookRunner,
  ctx: Context,
  id: string,
  token: string,
): Promise<FlowView<"verification">> {
  const flow = await engine.take(ctx, id);
  const view = { flow, attempt: {} };
  const proof = isLinkToken(token)
    ? await redeemCode(ctx, { flowId: flow.id, purpose: "verification" }, token)
    : undefined;
  if (!proof?.identityId) {
    await audit(ctx, view, { outcome: "failed", method: "link" });
    const passed = flow.state === "passed_challenge";
    throw await engine.replace(ctx, flow, passed ? verificationDone() : verificationLinkInvalid());
  }
  const completed = await complete(ctx, view, "link", { ...proof, identityId: proof.identityId }, hookRunner);
  if ("complaints" in completed) {
    await audit(ctx, view, { outcome: "failed", method: "link", identityId: proof.identityId, ...completed });
    throw await engine.replace(ctx, flow, completed.complaints[0]!.message);
  }
  await letBrowserSee(ctx, flow);
  return completed;
}

/** Follows the link beside a code. */
async function prefill(
  engine: FlowEngine<"verification", void>,
  ctx: Context,
  id: string,
  code: string,
): Promise<FlowView<"verification">> {
  const flow = await engine.take(ctx, id);
  const asks = flow.state === "sent_email";
  // Whoever merely knows the flow learns nothing of it, and guesses no more often than by typing.
  if (!asks || !(await countCodeTry(ctx, flow))) return { flow, attempt: {} };
  if (!(await isRightCode(ctx, { flowId: flow.id, purpose: "verification" }, code))) return { flow, attempt: {} };
  await takeBackTry(ctx, flow);
  const filled = advance(flow, { form: withValue(flow.ui, "code", code) });
  const stored = await updateFlow(ctx, filled);
  await letBrowserSee(ctx, stored);
  return { flow: stored, attempt: {} };
}

async function unanswered(
  ctx: Context,
  { ui }: Flow<"verification">,
  _: Message,
  submission?: Submissions["verification"],
) {
  const complaints = [{ message: noVerificationStrategy() }];
  if (verificationMethod(ctx) === "code")
    return { complaints, progress: { active: "default", form: askAgain(ctx, ui, "code") } };
  const email = submission?.method.value?.email;
  return { complaints, progress: { active: "default", form: email ? withValue(ui, "email", email) : ui } };
}

/** Lets the browser see the flow that has opened its link. */
async function letBrowserSee(ctx: Context, flow: Flow): Promise<void> {
  if (flow.type === "api") return;
  await change(ctx, flows, { csrfHash: csrfHash(ensureCsrfToken(ctx)) }, (query) => query.where("id", "=", flow.id));
}

async function complete(
  ctx: Context,
  view: FlowView<"verification">,
  by: "code" | "link",
  proof: AddressProof,
  hookRunner: HookRunner,
): Promise<Completed<"verification", void> | Refusal> {
  const done = advance(view.flow, {
    state: "passed_challenge",
    active: by,
    form: verifiedPage(by, proof.via, wayOn(ctx, view.flow)),
  });
  const passed = { flow: done, attempt: view.attempt, completion: undefined };
  const entry = { outcome: "passed", method: by, identityId: proof.identityId } as const;
  const pending = pendingChangeOf(view.flow);
  if (pending) {
    let flow = done;
    const refused = await applyChange(ctx, pending, proof, hookRunner, async (tx) => {
      await audit(tx, view, entry);
      flow = await updateFlow(tx, done);
    });
    return refused ?? { ...passed, flow };
  }
  const flow = await ctx.tx(async (tx) => {
    await markVerified(
      tx,
      proof.identityId,
      { via: proof.via, value: proof.address },
      { reason: `verification.${by}` },
    );
    await audit(tx, view, entry);
    return updateFlow(tx, done);
  });
  if (!hookRunner.attend(ctx, { flow, method: by })) return { ...passed, flow };
  const identity = await identityById(ctx, proof.identityId);
  const attempt = identity
    ? await hookRunner.after(ctx, { flow, attempt: view.attempt, method: by, identity })
    : view.attempt;
  return { flow, attempt, completion: undefined };
}

/** Where people go on: where the flow leads, else where the configuration says. */
const wayOn = (ctx: Context, { returnTo }: Flow): string =>
  destination(ctx, returnTo, ctx.config.selfservice.flows.verification.after.default_browser_return_url);
