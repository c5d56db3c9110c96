import type { Context } from "../context.ts";
import { ErrorReason, problem } from "../errors.ts";
import { identityById } from "../identity/statements.ts";
import { prepareChange } from "../identity/write.ts";
import type { IdentitySchema } from "../schema/identity-schema.ts";
import { schemasOf } from "../schema/schemas.ts";
import { setSessionCookie } from "../session/carrier.ts";
import { assertOwn } from "../session/act.ts";
import { currentSession, requireSession } from "../session/current.ts";
import type { IssuedSession } from "../session/issue.ts";
import { assertAal } from "../session/required-aal.ts";
import type { SessionRow } from "../session/statements.ts";
import { withMessages, withValues } from "../ui/form.ts";
import { duplicateCredentials, noSettingsStrategy, saved, settingsFlowExpired } from "../ui/messages.ts";
import { hidden } from "../ui/node.ts";
import { keepSubmission, takeKept } from "./continuity.ts";
import { createFlowEngine } from "../flow/engine.ts";
import type { FlowEngine } from "../flow/engine.ts";
import type { Attempt, FlowView } from "../flow/attempt.ts";
import type { Completed, RenderedForm, Inspection } from "../flow/definition.ts";
import { renderMethods } from "../flow/render-methods.ts";
import type { Flow } from "../flow/flow.ts";
import type { Submissions } from "../flow/kinds.ts";
import { forgetAll } from "../flow/memory.ts";
import { advance } from "../flow/progress.ts";
import { ChangeDeferred } from "../flow/change-deferred.ts";
import { isPrivileged, refreshRequired } from "./privilege.ts";
import { touchesAccess, Unfit, writeChange } from "./settings-change.ts";
import type { Passed, Written } from "./settings-change.ts";
import type { HookRunner } from "../flow/hook-runner.ts";
import { uiLocation } from "../flow/replacement.ts";
import { updateFlow } from "../flow/repository.ts";
import { resolveReturnTo } from "../flow/return-to.ts";
import { assertMayTouchSecondFactors } from "../proof/second-factors.ts";
import type { Refusal } from "../flow/results.ts";
import type { Strategies } from "../flow/strategy.ts";
import type { FindEngine } from "../flow/engine-parts.ts";
import { acceptTraits } from "../flow/traits.ts";
import { orderNodes } from "../flow/order-nodes.ts";

/** What a change ends with: the session goes on under another token. */
export interface Changed {
  /** The method that made the change, by its name on the wire. */
  readonly method: string;
  /** None where a hook holds the change back: nothing has been written. */
  readonly session?: IssuedSession;
}

/** Settings: a passed submission changes the account of whoever is signed in. */
export function settingsEngine(
  strategies: Strategies,
  hookRunner: HookRunner,
  engineOf: FindEngine,
): FlowEngine<"settings", Changed> {
  return createFlowEngine<"settings", Changed>({
    definition: {
      kind: "settings",
      noStrategy: noSettingsStrategy(),
      lifespanMs: ({ config }) => config.selfservice.flows.settings.lifespan,
      form: settingsForm,
      admit: assertOwner,
      view: assertOwner,
      load,
      held: takeKept,
      fits: () => true,
      namesMethod: () => false,
      expired: settingsFlowExpired,
      // As in Kratos.
      expiredOnFetch: { nameless: true, tellsReturnTo: true },
      inspect,
      complete: (ctx, view, strategy, change) => complete({ ctx, view, strategy, change, hookRunner, strategies }),
    },
    strategies,
    hookRunner,
    engineOf,
  });
}

/** Only the person themselves, as sure as the configuration wants it, sees and changes an account. */
async function assertOwner(ctx: Context, flow: Flow): Promise<void> {
  const session = await requireSession(ctx);
  if (session.identity.id !== flow.identityId)
    throw problem(ErrorReason.SECURITY_IDENTITY_MISMATCH, { reason: "The flow belongs to another identity." });
  // Where the page is not among those that a browser may be sent back to, it goes on as if it had come from nowhere.
  const page = resolveReturnTo(ctx, uiLocation(ctx, "settings", flow.id));
  assertAal(
    ctx,
    session,
    ctx.config.selfservice.flows.settings.required_aal,
    flow.type === "browser" ? page : undefined,
  );
}

async function load(ctx: Context, flow: Flow): Promise<Attempt> {
  const account = await identityById(ctx, flow.identityId ?? "");
  if (!account) throw problem(ErrorReason.NOT_FOUND);
  return { account };
}

async function settingsForm(
  ctx: Context,
  view: FlowView<"settings">,
  strategies: Strategies,
): Promise<RenderedForm<"settings">> {
  const token = hidden("default", "csrf_token", "", { required: true });
  const { nodes, memory } = await renderMethods(ctx, view, strategies, () => true, [token]);
  return { form: { nodes: orderNodes("settings", nodes), messages: [] }, memory };
}

/**
 * Judges traits before any method does, and lets nobody touch a way in whose sign-in is too long ago, or too weak, or who acts
 * in place of the account's owner.
 */
async function inspect(
  ctx: Context,
  { flow, attempt }: FlowView<"settings">,
  submission: Submissions["settings"],
  strategies: Strategies,
): Promise<Inspection<"settings">> {
  const account = attempt.account!;
  const session = await requireSession(ctx);
  const schema = await schemasOf(ctx).get(account.schemaId);
  const { method } = submission;
  if (method.case !== "profile") assertOwn(session);
  if (method.case && strategies[method.case]!.aal(ctx.config) > 1) assertMayTouchSecondFactors(ctx, session, account);
  let inspection: Inspection<"settings"> = { complaints: [] };
  if (method.case === "profile") {
    inspection = inspectTraits(ctx, flow, schema, method.value.traits ?? {});
    if (inspection.complaints.length > 0) return inspection;
    if (!touchesAccess(account, prepareChange(ctx, account, { schema, traits: inspection.traits! }))) return inspection;
  }
  assertOwn(session);
  if (isPrivileged(ctx, session)) return inspection;
  if (flow.type === "browser") {
    const inspected = advance(flow, inspection.progress ?? {});
    await updateFlow(ctx, advance(inspected, { memory: keepSubmission(ctx, schema, submission) }));
  }
  throw refreshRequired(ctx, flow);
}

function inspectTraits(
  ctx: Context,
  { ui }: Flow,
  schema: IdentitySchema,
  sent: Record<string, unknown>,
): Inspection<"settings"> {
  const { complaints, traits, shown } = acceptTraits(ctx, schema, sent);
  return {
    complaints: complaints.map((complaint) => ({ ...complaint, group: "profile" })),
    traits,
    progress: { form: withValues(ui, shown) },
  };
}

/** A change on its way, and what the form is drawn with when it is made. */
interface Submitted extends Passed {
  readonly strategies: Strategies;
}

async function complete(passed: Submitted): Promise<Completed<"settings", Changed> | Refusal> {
  const { ctx, strategy } = passed;
  const session = (await currentSession(ctx))!;
  const written = await writeChange(passed, session).catch((error: unknown) => {
    if (error instanceof Unfit || error instanceof ChangeDeferred) return error;
    throw error;
  });
  if (written instanceof ChangeDeferred) return deferred(passed, written);
  if (written instanceof Unfit) return { complaints: written.complaints };
  if (written.kind === "conflict") return { complaints: [{ message: duplicateCredentials() }] };
  const attempt = await react(passed, session, written);
  return { ...(await showSuccess(passed, attempt)), completion: { method: strategy.name, session: written.issued } };
}

/** The form goes on, and says why if there is anything to say. */
async function deferred(
  { ctx, view, strategy }: Passed,
  { messages, verification }: ChangeDeferred,
): Promise<Completed<"settings", Changed>> {
  const form = withMessages(
    view.flow.ui,
    messages.map((message) => ({ message })),
  );
  const flow = await updateFlow(ctx, advance(view.flow, { form }));
  return {
    flow,
    attempt: { ...view.attempt, ...(verification && { verification }) },
    completion: { method: strategy.name },
  };
}

/** Lets hooks react to what is written. */
function react(
  { ctx, view: { flow }, strategy, hookRunner }: Passed,
  session: SessionRow,
  { attempt, account, issued }: Written,
): Promise<Attempt> {
  const event = { flow, attempt: { ...attempt, account }, method: strategy.name, session, identity: account };
  return hookRunner.after(ctx, event).catch((error: unknown) => {
    // What is written stays, and with it the session's new token: a browser that does not get it would be signed out.
    if (flow.type === "browser") setSessionCookie(ctx, issued.token, issued.expiresAt);
    throw error;
  });
}

async function showSuccess({ ctx, view, strategies }: Submitted, attempt: Attempt): Promise<FlowView<"settings">> {
  const done = advance(view.flow, { state: "success", memory: forgetAll(view.flow) });
  const drawn = advance(done, await settingsForm(ctx, { flow: done, attempt }, strategies));
  const flow = advance(drawn, { form: withMessages(drawn.ui, [{ message: saved() }]) });
  return { flow: await updateFlow(ctx, flow), attempt };
}
