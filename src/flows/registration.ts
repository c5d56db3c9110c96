import type { Context } from "../context.ts";
import { ErrorReason, problem } from "../errors.ts";
import { createIdentity, prepareIdentity } from "../identity/write.ts";
import { acceptInvitation } from "../invitation/accept.ts";
import type { InvitationRow } from "../invitation/entities.ts";
import { isObject } from "../schema/limits.ts";
import { currentSession } from "../session/current.ts";
import type { SessionMethod } from "../session/entities.ts";
import { issueSession } from "../session/issue.ts";
import type { IssuedSession } from "../session/issue.ts";
import { revokeSession } from "../session/repository.ts";
import { withValues } from "../ui/form.ts";
import { chooseCredential, noRegistrationStrategy, registrationFlowExpired } from "../ui/messages.ts";
import type { Message } from "../ui/message.ts";
import { hidden } from "../ui/node.ts";
import { createFlowEngine } from "../flow/engine.ts";
import type { FlowEngine } from "../flow/engine.ts";
import type { FlowView } from "../flow/attempt.ts";
import { audit } from "../flow/audit.ts";
import type { Completed, RenderedForm, Inspection } from "../flow/definition.ts";
import { renderMethods } from "../flow/render-methods.ts";
import type { Flow } from "../flow/flow.ts";
import { isHooked } from "../flow/configured-hooks.ts";
import type { HookRunner } from "../flow/hook-runner.ts";
import type { Detour } from "../flow/verdict.ts";
import { offerLinking } from "./offer-linking.ts";
import { duplicateIdentifier, duplicateMessage } from "./duplicate-identifier.ts";
import { schemaOf } from "../flow/flow-schema.ts";
import { updateFlow } from "../flow/repository.ts";
import type { Submissions } from "../flow/kinds.ts";
import type { RegistrationDraft, Refusal } from "../flow/results.ts";
import type { Method, Strategies, Strategy } from "../flow/strategy.ts";
import type { FindEngine } from "../flow/engine-parts.ts";
import { orderNodes } from "../flow/order-nodes.ts";
import {
  acceptRegistrationTraits,
  assertMayRegister,
  invitedBy,
  registrationTraitNodes,
  stillInvited,
  stillOpen,
} from "../proof/invited.ts";
import { prepareMailedLogin } from "../proof/mailed-login.ts";
import { choosesCredential, typedProfile } from "../proof/profile-screen.ts";
import { afterVerification } from "./start-verification.ts";

type Metadata = InvitationRow["metadataPublic"];

/** What an identity in the making is made of. */
interface InvitedDraft extends Omit<RegistrationDraft, "metadataPublic" | "metadataAdmin"> {
  readonly metadataPublic?: Metadata;
  readonly metadataAdmin?: Metadata;
}

/** What registration ends with: an account, and a session if the configuration grants one. */
export interface Registered {
  readonly identityId: string;
  /** How they could sign in by it: what a session rests on that begins now. */
  readonly method: SessionMethod;
  readonly session?: IssuedSession;
}

/** Registration: a passed submission makes an identity. */
export const registrationEngine = (
  strategies: Strategies,
  hookRunner: HookRunner,
  engineOf: FindEngine,
): FlowEngine<"registration", Registered> =>
  createFlowEngine<"registration", Registered>({
    definition: {
      kind: "registration",
      noStrategy: noRegistrationStrategy(),
      lifespanMs: ({ config }) => config.selfservice.flows.registration.lifespan,
      form: registrationForm,
      admit,
      fits: ({ config }, _flow, strategy) => strategy.aal(config) === 1,
      // Nobody signs in by a profile.
      namesMethod: ({ name }) => name !== "profile",
      // Nobody who has not been signed up has a method.
      unnamesMethod: true,
      expired: registrationFlowExpired,
      heir: (flow) => ({ memory: { ...afterVerification.with(afterVerification.of(flow)), ...stillInvited(flow) } }),
      inspect,
      assertEnabled: assertMayTakeOver,
      inspectResult,
      unanswered,
      complete: (ctx, view, strategy, draft) => complete(ctx, view, strategy, draft, hookRunner),
    },
    strategies,
    hookRunner,
    engineOf,
  });

/** Where nobody is signed up, somebody whose name is taken may still show that it is theirs, and link their account at a provider. */
async function assertMayTakeOver(ctx: Context, from: Flow, draft: RegistrationDraft): Promise<void> {
  const { enabled, by_invitation_only: invitedOnly } = ctx.config.selfservice.flows.registration;
  if (enabled && !invitedOnly) return;
  const { traits } = await acceptRegistrationTraits(ctx, from, draft.traits ?? {});
  const identity = await identityOf(ctx, { flow: from, attempt: { traits } }, draft);
  if (!(await duplicateIdentifier(ctx, identity))) assertMayRegister(ctx, from);
}

async function admit(ctx: Context): Promise<void> {
  if (await currentSession(ctx))
    throw problem(ErrorReason.SESSION_ALREADY_AVAILABLE, {
      reason: "You are already signed in. Sign out to create another account.",
    });
}

async function registrationForm(
  ctx: Context,
  view: FlowView<"registration">,
  strategies: Strategies,
): Promise<RenderedForm<"registration">> {
  const { flow } = view;
  const chosen = choosesCredential(flow);
  const traits = await registrationTraitNodes(ctx, flow, typedProfile(flow) ?? {}, { hidden: chosen });
  const first = [hidden("default", "csrf_token", "", { required: true }), ...traits];
  const { nodes, memory } = await renderMethods(ctx, view, strategies, ({ aal }) => aal(ctx.config) === 1, first);
  return { form: { nodes: orderNodes("registration", nodes), messages: chosen ? [chooseCredential()] : [] }, memory };
}

/** Judges the traits before any method does, and keeps what the client typed in the form. */
async function inspect(
  ctx: Context,
  { flow }: FlowView<"registration">,
  { method }: Submissions["registration"],
  strategies: Strategies,
): Promise<Inspection<"registration">> {
  if (method.case === undefined || method.case === "profile") return { complaints: [] };
  if (strategies[method.case as Method]?.registration?.traitsLater) return { complaints: [] };
  const { complaints, traits, shown } = await acceptRegistrationTraits(ctx, flow, method.value.traits ?? {});
  return { complaints, traits, progress: { form: withValues(flow.ui, shown) } };
}

/** Traits that another site has told, or that were typed before, are judged like those of a submission. */
async function inspectResult(
  ctx: Context,
  { flow }: FlowView<"registration">,
  draft: RegistrationDraft,
): Promise<Inspection<"registration">> {
  if (!draft.traits) return { complaints: [] };
  const { complaints, traits, shown } = await acceptRegistrationTraits(ctx, flow, draft.traits);
  return { complaints, traits, progress: { form: withValues(flow.ui, shown) } };
}

/** Says what is wrong with the traits first, whether or not anybody knows what to do with them. */
async function unanswered(ctx: Context, flow: Flow<"registration">, message: Message): Promise<Refusal> {
  if (ctx.call.malformed !== undefined) return { complaints: [{ message }] };
  const { traits } = ctx.call.unnamed ?? {};
  const { complaints } = await acceptRegistrationTraits(ctx, flow, isObject(traits) ? traits : {});
  return { complaints: complaints.length ? complaints : [{ message }] };
}

async function complete(
  ctx: Context,
  { flow, attempt }: FlowView<"registration">,
  { name }: Strategy<Method>,
  draft: RegistrationDraft,
  hookRunner: HookRunner,
): Promise<Completed<"registration", Registered> | Refusal | { readonly detour: Detour }> {
  const invitation = await stillOpen(ctx, flow);
  const prepared = await identityOf(ctx, { flow, attempt }, asInvited(flow, invitation, draft));
  const reviewed = await hookRunner.review(ctx, { flow, attempt, method: name, identity: prepared });
  if ("complaints" in reviewed) return reviewed;
  const { identity } = reviewed;
  const signsIn = isHooked(ctx, "registration", name, "session");
  const method = draft.method ?? { method: name, aal: "aal1" as const, completed_at: ctx.now().toISOString() };
  const event = { flow, attempt, method: name, identity };
  const pendingLogin = waitsForVerification(ctx, flow, name) ? { methods: [method] } : undefined;
  await prepareMailedLogin(ctx, flow.oauth2LoginChallenge);
  const cause = { reason: `registration.${name}` } as const;
  const written = await createIdentity(ctx, identity, cause, async (tx) => {
    assertMayRegister(ctx, flow);
    // Of those who have followed one link the first one gets in. The other is told what there is by now.
    if (invitation && !(await acceptInvitation(tx, invitation, identity.id, cause))) {
      await stillOpen(ctx, flow);
      throw problem(ErrorReason.RETRY);
    }
    const session = signsIn ? await issueSession(tx, identity.id, [method], cause) : undefined;
    await audit(
      tx,
      { flow, attempt },
      { outcome: "passed", method: name, identityId: identity.id, sessionId: session?.id },
    );
    const waiting = pendingLogin && { pendingLogin: { ...pendingLogin, sessionId: session?.id } };
    const after = await hookRunner.within(tx, { ...event, attempt: { ...attempt, ...waiting } });
    await updateFlow(tx, { ...flow, active: null });
    return { attempt: after, completion: { identityId: identity.id, method, ...(session && { session }) } };
  });
  if (written.kind === "conflict") {
    // Somebody else with the same link was faster.
    await stillOpen(ctx, flow);
    const remembers = await offerLinking(ctx, flow, draft, identity);
    if (remembers) return { detour: { to: "login", remembers } };
    return { complaints: [{ message: await duplicateMessage(ctx, identity) }] };
  }
  const { completion } = written.value;
  const after = await hookRunner
    .after(ctx, { ...event, attempt: written.value.attempt })
    .catch(async (error: unknown) => {
      // The account is there, and its owner can sign in to it; a session that nobody is handed need not be.
      const { session } = completion;
      if (session)
        await revokeSession(ctx, identity.id, session.id, { reason: "hook.failed", actor: { kind: "system" } });
      throw error;
    });
  return { flow, attempt: after, completion };
}

/** Whether a sign-in for another server goes on only once an address is verified: where people are led to that. */
const waitsForVerification = (ctx: Context, { oauth2LoginChallenge: challenge }: Flow, method: string): boolean =>
  challenge !== null && isHooked(ctx, "registration", method, "show_verification_ui");

/** Somebody new, with what their invitation adds: metadata, and that their address is theirs where the link was sent there. */
function asInvited(flow: Flow, invitation: InvitationRow | undefined, draft: RegistrationDraft): InvitedDraft {
  const invited = invitedBy(flow);
  if (!invitation || !invited) return draft;
  const { via, address, proven } = invited;
  const { metadataPublic, metadataAdmin } = invitation;
  return {
    ...draft,
    verified: [...(draft.verified ?? []), ...(proven ? [{ via, address }] : [])],
    metadataPublic: laidOver(draft.metadataPublic, metadataPublic),
    metadataAdmin: laidOver(draft.metadataAdmin, metadataAdmin),
  };
}

/** Metadata of an invitation over those that another site has brought about: the administrator's word counts more. */
const laidOver = (below: object | undefined, above: Metadata): Metadata =>
  isObject(below) && isObject(above) ? { ...below, ...above } : (above ?? below ?? null);

/** The identity that is to be made. */
async function identityOf(
  ctx: Context,
  { flow, attempt }: FlowView,
  { credentials, verified = [], identityId: id, metadataPublic, metadataAdmin, region, organizationId }: InvitedDraft,
) {
  return prepareIdentity(ctx, {
    schema: await schemaOf(ctx, flow),
    traits: attempt.traits ?? {},
    credentials,
    ...(id && { id }),
    metadataPublic: metadataPublic ?? null,
    metadataAdmin: metadataAdmin ?? null,
    ...(region && { region }),
    ...(organizationId && { organizationId }),
    verifiableAddresses: verified.map(({ via, address: value }) => ({ via, value, verified: true })),
  });
}
