import { isDeepStrictEqual } from "node:util";
import type { Context } from "../context.ts";
import { ErrorReason, problem } from "../errors.ts";
import type { IdentityWithCredentialsRow } from "../identity/rows.ts";
import { canSignIn } from "../identity/factors.ts";
import { identityById } from "../identity/statements.ts";
import { changeIdentity, prepareChange } from "../identity/write.ts";
import { schemasOf } from "../schema/schemas.ts";
import { setSessionCookie } from "../session/carrier.ts";
import { currentSession, requireSession } from "../session/current.ts";
import type { SessionMethod } from "../session/entities.ts";
import type { IssuedSession } from "../session/issue.ts";
import { rotateSession } from "../session/renew.ts";
import { assertAal } from "../session/required-aal.ts";
import type { SessionRow } from "../session/statements.ts";
import { mergeNodes, orderNodes, setValues } from "../ui/form.ts";
import { duplicateCredentials, invalidSubmission, noSettingsStrategy, saved, settingsFlowExpired } from "../ui/messages.ts";
import { hidden } from "../ui/node.ts";
import { edited } from "../flow/account-edit.ts";
import { keepSubmission, takeKept } from "./continuity.ts";
import { createFlowEngine } from "../flow/engine.ts";
import type { FlowEngine } from "../flow/engine.ts";
import type { Flow } from "../flow/flow.ts";
import { HeldBack } from "../flow/held-back.ts";
import { isPrivileged, refreshRequired } from "./privilege.ts";
import type { Reactions } from "../flow/reactions.ts";
import { uiLocation } from "../flow/replacement.ts";
import { updateFlow } from "../flow/repository.ts";
import { resolveReturnTo } from "../flow/return-to.ts";
import { assertMayTouchSecondFactors, touchesSecondFactors } from "../proof/second-factors.ts";
import type { AccountChange, Complaint, Method, Strategies, Strategy, Submissions } from "../flow/strategy.ts";
import { acceptTraits } from "../flow/traits.ts";

/** What a change ends with: the session goes on under another token. */
export interface Changed {
  /** The method that made the change, by its name on the wire. */
  readonly method: string;
  /** None where a hook holds the change back: nothing has been written. */
  readonly session?: IssuedSession;
}

/** Settings: a passed submission changes the account of whoever is signed in. */
export function settingsEngine(strategies: Strategies, reactions: Reactions): FlowEngine<"settings", Changed> {
  const form = (ctx: Context, flow: Flow) => settingsForm(ctx, flow, strategies);
  return createFlowEngine<"settings", Changed>(
    {
      kind: "settings",
      initialState: "show_form",
      noStrategy: noSettingsStrategy(),
      lifespanMs: ({ config }) => config.selfservice.flows.settings.lifespan,
      form,
      admit: assertOwner,
      view: assertOwner,
      load,
      resume: takeKept,
      fits: () => true,
      namesMethod: () => false,
      expired: settingsFlowExpired,
      inspect: (ctx, flow, submission) => inspect(ctx, flow, submission, strategies),
      complete: (ctx, flow, strategy, change) => complete({ ctx, flow, strategy, change, reactions, form }),
    },
    strategies,
    reactions,
  );
}

/** Only the person themselves, as sure as the configuration wants it, sees and changes an account. */
async function assertOwner(ctx: Context, flow: Flow): Promise<void> {
  const session = await requireSession(ctx);
  if (session.identity.id !== flow.identityId)
    throw problem(ErrorReason.SECURITY_IDENTITY_MISMATCH, { reason: "The flow was begun by another person." });
  // Where the page is not among those that a browser may be sent back to, it goes on as if it had come from nowhere.
  const page = resolveReturnTo(ctx, uiLocation(ctx, "settings", flow.id));
  assertAal(ctx, session, ctx.config.selfservice.flows.settings.required_aal, flow.type === "browser" ? page : undefined);
}

async function load(ctx: Context, flow: Flow): Promise<void> {
  flow.account = await identityById(ctx, flow.identityId ?? "");
  if (!flow.account) throw problem(ErrorReason.NOT_FOUND);
}

async function settingsForm(ctx: Context, flow: Flow, strategies: Strategies): Promise<Flow["ui"]> {
  const nodes = [hidden("default", "csrf_token", "", { required: true })];
  for (const strategy of Object.values(strategies) as Strategy<Method>[])
    if (strategy.enabled(ctx.config, "settings") && strategy.settings) mergeNodes(nodes, await strategy.settings.render(ctx, flow));
  return { nodes: orderNodes("settings", nodes), messages: [] };
}

/** Judges traits before any method does, and lets nobody touch a way in whose sign-in is too long ago, or too weak. */
async function inspect(
  ctx: Context,
  flow: Flow,
  submission: Submissions["settings"],
  strategies: Strategies,
): Promise<readonly Complaint[]> {
  const account = flow.account!;
  const session = await requireSession(ctx);
  const schema = await schemasOf(ctx).get(account.schemaId);
  const { method } = submission;
  if (method.case && strategies[method.case]!.aal(ctx.config) > 1) assertMayTouchSecondFactors(ctx, session, account);
  if (method.case === "profile") {
    const accepted = acceptTraits(ctx, schema, method.value.traits ?? {});
    setValues(flow.ui, accepted.shown);
    flow.traits = accepted.traits;
    if (accepted.complaints.length > 0) return accepted.complaints.map((complaint) => ({ ...complaint, group: "profile" }));
    if (!touchesAccess(account, prepareChange(ctx, account, { schema, traits: accepted.traits }))) return [];
  }
  if (isPrivileged(ctx, session)) return [];
  if (flow.type === "browser") {
    keepSubmission(ctx, flow, schema, submission);
    await updateFlow(ctx, flow);
  }
  throw refreshRequired(ctx, flow);
}

/** Whether a change concerns how somebody signs in, or where they can be reached. */
function touchesAccess(before: IdentityWithCredentialsRow, after: IdentityWithCredentialsRow): boolean {
  const access = ({ credentials, verifiableAddresses, recoveryAddresses }: IdentityWithCredentialsRow) => [
    credentials.map(({ type, identifiers, config }) => [type, identifiers.toSorted(), config]),
    verifiableAddresses.map(({ value }) => value),
    recoveryAddresses.map(({ value }) => value),
  ];
  return !isDeepStrictEqual(access(before), access(after));
}

/** Thrown to undo a transaction in which a change turned out not to be possible. */
class Unfit extends Error {
  readonly complaints: readonly Complaint[];
  constructor(complaints: readonly Complaint[]) {
    super("The change does not fit the account as it is now.");
    this.complaints = complaints;
  }
}

/** A change on its way. */
interface Passed {
  readonly ctx: Context;
  readonly flow: Flow;
  readonly strategy: Strategy<Method>;
  readonly change: AccountChange;
  readonly reactions: Reactions;
  form(ctx: Context, flow: Flow): Promise<Flow["ui"]>;
}

async function complete(passed: Passed): Promise<Changed | { complaints: readonly Complaint[] }> {
  const { ctx, flow, strategy, reactions, form } = passed;
  const session = (await currentSession(ctx))!;
  const occasion = { flow, method: strategy.name, session };
  const written = await write(passed, session).catch((error: unknown) => {
    if (error instanceof Unfit || error instanceof HeldBack) return error;
    throw error;
  });
  if (written instanceof HeldBack) {
    flow.ui.messages.push(...written.messages);
    await updateFlow(ctx, flow);
    return { method: strategy.name };
  }
  if (written instanceof Unfit) return { complaints: written.complaints };
  if (written.kind === "conflict") return { complaints: [{ message: duplicateCredentials() }] };
  const { account, issued } = written;
  flow.account = account;
  await reactions.after(ctx, { ...occasion, identity: account }).catch((error: unknown) => {
    // What is written stays, and with it the session's new token: a browser that does not get it would be signed out.
    if (flow.type === "browser") setSessionCookie(ctx, issued.token, issued.expiresAt);
    throw error;
  });
  flow.state = "success";
  flow.internal = {};
  flow.ui = await form(ctx, flow);
  flow.ui.messages.push(saved());
  await updateFlow(ctx, flow);
  return { method: strategy.name, session: issued };
}

/** Writes the account as it shall be, with what hooks make of it. Hooks are asked before, since nobody waits for them in a transaction. */
async function write({ ctx, flow, strategy, change, reactions }: Passed, session: SessionRow) {
  const occasion = { flow, method: strategy.name, session };
  const wanted = applied(ctx, flow, session, flow.account!, change);
  const reviewed = await reactions.review(ctx, { ...occasion, identity: wanted });
  if ("complaints" in reviewed) throw new Unfit(reviewed.complaints);
  let issued: IssuedSession | undefined;
  const written = await changeIdentity(ctx, session.identity.id, async (account, tx) => {
    let after = applied(ctx, flow, session, account, change);
    for (const edit of reviewed.edits) after = await edited(ctx, after, edit);
    issued = await renew(tx, flow, strategy, change, session);
    await reactions.within(tx, { ...occasion, identity: after });
    return after;
  });
  if (!written) throw problem(ErrorReason.NOT_FOUND);
  return written.kind === "conflict" ? written : { kind: written.kind, account: written.value, issued: issued! };
}

const lastWayIn = "Nobody could sign in to the account any more after this change.";

function applied(ctx: Context, flow: Flow, session: SessionRow, account: IdentityWithCredentialsRow, change: AccountChange) {
  const after = change.apply(account);
  if ("complaints" in after) throw new Unfit(after.complaints);
  // The account may have changed since the submission was looked at.
  if (touchesAccess(account, after) && !isPrivileged(ctx, session)) throw refreshRequired(ctx, flow);
  // Names go along with traits: with the last of them goes the way in.
  if (canSignIn(ctx.config, account.credentials) && !canSignIn(ctx.config, after.credentials)) throw new Unfit([{ message: invalidSubmission(lastWayIn) }]);
  if (change.proves === 2 || touchesSecondFactors(ctx, account, after)) assertMayTouchSecondFactors(ctx, session, account);
  return after;
}

function renew(
  ctx: Context,
  flow: Flow,
  { name }: Strategy<Method>,
  { proves }: AccountChange,
  session: SessionRow,
): Promise<IssuedSession> {
  const proved: SessionMethod | undefined = proves && { method: name, aal: `aal${proves}`, completed_at: ctx.now().toISOString() };
  return rotateSession(ctx, session, flow.type === "api", proved);
}
