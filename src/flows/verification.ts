import { isLinkToken, isRightCode, redeemCode } from "../code/redeem.ts";
import type { Context } from "../context.ts";
import { change } from "../db/query.ts";
import { identityById } from "../identity/statements.ts";
import { markVerified } from "../identity/verify-address.ts";
import {
  noVerificationStrategy,
  verificationDone,
  verificationFlowExpired,
  verificationLinkInvalid,
} from "../ui/code-messages.ts";
import { setValue } from "../ui/form.ts";
import type { Message } from "../ui/message.ts";
import { countCodeTry, takeBackTry } from "../proof/code-tries.ts";
import { audit } from "../flow/audit.ts";
import { csrfHash, ensureCsrfToken } from "../flow/csrf.ts";
import { createFlowEngine } from "../flow/engine.ts";
import type { FlowEngine } from "../flow/engine.ts";
import { flows } from "../flow/entities.ts";
import type { Flow } from "../flow/flow.ts";
import { applyChange, pendingChangeOf } from "./pending-change.ts";
import type { Reactions } from "../flow/reactions.ts";
import { updateFlow } from "../flow/repository.ts";
import { destination } from "../flow/return-to.ts";
import type { AddressProof, Complaint, Strategies, Submissions } from "../flow/strategy.ts";
import { askAddress, askAgain, proved, provingOf } from "../proof/verification-form.ts";

type Completion = { readonly complaints: readonly Complaint[] } | void;

/** Verification, and the two ways into it from a mail. */
export interface VerificationEngine extends FlowEngine<"verification", void> {
  /** Follows the link in a mail: proves the address, in whichever browser. */
  open(ctx: Context, id: string, token: string): Promise<Flow>;
  /** Follows the link beside a code: fills the code in, for whichever browser. The person has yet to send it. */
  prefill(ctx: Context, id: string, code: string): Promise<Flow>;
}

/** Verification: a passed submission shows an address to belong to its account. */
export function verificationEngine(strategies: Strategies, reactions: Reactions): VerificationEngine {
  const engine = createFlowEngine<"verification", void>(
    {
      kind: "verification",
      initialState: "choose_method",
      noStrategy: noVerificationStrategy(),
      lifespanMs: ({ config }) => config.selfservice.flows.verification.lifespan,
      form: async (ctx, flow) => {
        flow.active = provingOf(ctx);
        return askAddress(ctx, flow, provingOf(ctx));
      },
      admit: async () => undefined,
      fits: (ctx, _, strategy) => strategy.name === provingOf(ctx),
      namesMethod: () => true,
      keepsMessages: true,
      carriesSecret: ({ method }) => method.case === "code" && Boolean(method.value.code),
      unanswered,
      // Whoever comes back is a browser, which the link in a mail was opened by.
      heir: () => ({ type: "browser" }),
      expired: verificationFlowExpired,
      complete: (ctx, flow, { name }, proof) => complete(ctx, flow, name as "code" | "link", proof, reactions),
    },
    strategies,
    reactions,
  );
  return { ...engine, open, prefill };

  async function open(ctx: Context, id: string, token: string): Promise<Flow> {
    const flow = await engine.take(ctx, id);
    const proof = isLinkToken(token) ? await redeemCode(ctx, { flowId: flow.id, purpose: "verification" }, token) : undefined;
    if (!proof?.identityId) {
      await audit(ctx, flow, { outcome: "failed", method: "link" });
      const passed = flow.state === "passed_challenge";
      throw await engine.supersede(ctx, flow, passed ? verificationDone() : verificationLinkInvalid());
    }
    const refused = await complete(ctx, flow, "link", { ...proof, identityId: proof.identityId }, reactions);
    await audit(ctx, flow, { outcome: refused ? "failed" : "passed", method: "link", identityId: proof.identityId, ...refused });
    if (refused) throw await engine.supersede(ctx, flow, refused.complaints[0]!.message);
    await handOver(ctx, flow);
    return flow;
  }

  async function prefill(ctx: Context, id: string, code: string): Promise<Flow> {
    const flow = await engine.take(ctx, id);
    const asks = flow.state === "sent_email";
    // Whoever merely knows the flow learns nothing of it, and guesses no more often than by typing.
    if (!asks || !(await countCodeTry(ctx, flow))) return flow;
    if (!(await isRightCode(ctx, { flowId: flow.id, purpose: "verification" }, code))) return flow;
    await takeBackTry(ctx, flow);
    flow.ui.nodes = flow.ui.nodes.map((node) =>
      node.attributes["name"] === "code" ? { ...node, attributes: { ...node.attributes, value: code } } : node,
    );
    await updateFlow(ctx, flow);
    await handOver(ctx, flow);
    return flow;
  }
}

function unanswered(ctx: Context, flow: Flow, _: Message, submission?: Submissions["verification"]) {
  flow.active = "default";
  if (provingOf(ctx) === "code") askAgain(ctx, flow.ui, "code");
  else if (submission?.method.value?.email) setValue(flow.ui, "email", submission.method.value.email);
  return [{ message: noVerificationStrategy() }];
}

/** Lets the browser see the flow that has opened its link. */
async function handOver(ctx: Context, flow: Flow): Promise<void> {
  if (flow.type === "api") return;
  await change(ctx, flows, { csrfHash: csrfHash(ensureCsrfToken(ctx)) }, (query) => query.where("id", "=", flow.id));
}

async function complete(ctx: Context, flow: Flow, by: "code" | "link", proof: AddressProof, reactions: Reactions): Promise<Completion> {
  const before = { state: flow.state, ui: flow.ui };
  flow.state = "passed_challenge";
  flow.active = by;
  flow.ui = proved(by, proof.via, wayOn(ctx, flow));
  const pending = pendingChangeOf(flow);
  if (pending) {
    const refused = await applyChange(ctx, pending, proof, reactions, (tx) => updateFlow(tx, flow));
    if (refused) Object.assign(flow, before);
    return refused;
  }
  await ctx.tx(async (tx) => {
    await markVerified(tx, proof.identityId, { via: proof.via, value: proof.address });
    await updateFlow(tx, flow);
  });
  if (!reactions.attend(ctx, { flow, method: by })) return;
  const identity = await identityById(ctx, proof.identityId);
  if (identity) await reactions.after(ctx, { flow, method: by, identity });
}

/** Where people go on: where the flow leads, else where the configuration says. */
const wayOn = (ctx: Context, { returnTo }: Flow): string =>
  destination(ctx, returnTo, ctx.config.selfservice.flows.verification.after.default_browser_return_url);
