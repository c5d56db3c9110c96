import type { JsonObject } from "@bufbuild/protobuf";
import { isLinkToken, redeemCode } from "../code/redeem.ts";
import type { Context } from "../context.ts";
import { ErrorReason, problem } from "../errors.ts";
import { noRecoveryStrategy, recoveryFlowExpired, recoveryLinkInvalid } from "../ui/code-messages.ts";
import type { Message } from "../ui/message.ts";
import { audit } from "../flow/audit.ts";
import { ensureCsrfToken } from "../flow/csrf.ts";
import { createFlowEngine } from "../flow/engine.ts";
import type { FlowEngine } from "../flow/engine.ts";
import type { Completed, FlowDefinition } from "../flow/definition.ts";
import type { Flow } from "../flow/flow.ts";
import { defineMemory, isRecord } from "../flow/memory.ts";
import { askRecovery, choosesAddress } from "../proof/recovery-form.ts";
import type { HookRunner } from "../flow/hook-runner.ts";
import { expiry, successor, uiLocation } from "../flow/replacement.ts";
import { completeRecovery } from "./complete-recovery.ts";
import type { Dependencies, RecoveryCompletion } from "./complete-recovery.ts";
import type { Changed } from "./settings.ts";
import type { Strategies } from "../flow/strategy.ts";
import type { FindEngine } from "../flow/engine-parts.ts";

/** Whether whoever gets back in is sent on without having been shown their settings. */
export const skipsSettings = defineMemory(
  "recovery",
  (value): value is { readonly skipsSettings: boolean } =>
    isRecord(value) && typeof value["skipsSettings"] === "boolean",
);

/** Recovery, and the way into it from a mail. */
export interface RecoveryEngine extends FlowEngine<"recovery", RecoveryCompletion> {
  /** Follows the link in a mail: lets the person in, in whichever browser. */
  open(ctx: Context, id: string, token: string): Promise<Completed<"recovery", RecoveryCompletion>>;
}

/** Recovery: a passed submission lets somebody in who cannot sign in, and leads them to their settings. */
export function recoveryEngine(
  strategies: Strategies,
  settings: FlowEngine<"settings", Changed>,
  hookRunner: HookRunner,
  engineOf: FindEngine,
): RecoveryEngine {
  const dependencies = { settings, hookRunner };
  const engine = createFlowEngine({ definition: definitionOf(dependencies), strategies, hookRunner, engineOf });
  return { ...engine, open: (ctx, id, token) => open(engine, dependencies, ctx, id, token) };
}

const definitionOf = (dependencies: Dependencies): FlowDefinition<"recovery", RecoveryCompletion> => ({
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
  complete: (ctx, view, { name }, proof) => completeRecovery(dependencies, ctx, view, name, proof),
});

/** Follows the link in a mail. */
async function open(
  engine: FlowEngine<"recovery", RecoveryCompletion>,
  dependencies: Dependencies,
  ctx: Context,
  id: string,
  token: string,
) {
  const flow = await engine.take(ctx, id);
  const proof = isLinkToken(token) ? await redeemCode(ctx, { flowId: flow.id, purpose: "recovery" }, token) : undefined;
  const view = { flow, attempt: {} };
  const completed = proof?.identityId
    ? await completeRecovery(dependencies, ctx, view, "link", { ...proof, identityId: proof.identityId })
    : undefined;
  if (!completed || "complaints" in completed) {
    await audit(ctx, view, { outcome: "failed", method: "link", identityId: proof?.identityId, ...completed });
    const why = completed?.complaints[0]?.message ?? recoveryLinkInvalid();
    // A link is opened by a browser, whoever asked for it.
    throw await engine.replace(ctx, { ...flow, type: "browser", requestUrl: ctx.call.url }, why);
  }
  return completed;
}

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
  return problem(ErrorReason.BAD_REQUEST, { reason: "The flow has ended. A new one replaces it.", details, location });
}
