import type { Context } from "../context.ts";
import { ErrorReason, problem } from "../errors.ts";
import { createIdentity, prepareIdentity } from "../identity/write.ts";
import { isObject } from "../schema/limits.ts";
import { traitNodes } from "../schema/trait-nodes.ts";
import { currentSession } from "../session/current.ts";
import { issueSession } from "../session/issue.ts";
import type { IssuedSession } from "../session/issue.ts";
import { revokeSession } from "../session/repository.ts";
import { mergeNodes, orderNodes, setValues } from "../ui/form.ts";
import {
  chooseCredential,
  noRegistrationStrategy,
  registrationFlowExpired,
} from "../ui/messages.ts";
import type { Message } from "../ui/message.ts";
import { hidden } from "../ui/node.ts";
import { createFlowEngine } from "../flow/engine.ts";
import type { FlowEngine } from "../flow/engine.ts";
import type { Flow } from "../flow/flow.ts";
import { isHooked } from "../flow/hooks.ts";
import type { Reactions } from "../flow/reactions.ts";
import { whatIsTaken } from "./taken.ts";
import { schemaOf } from "../flow/flow-schema.ts";
import { updateFlow } from "../flow/repository.ts";
import type { Complaint, Method, RegistrationDraft, Strategies, Strategy } from "../flow/strategy.ts";
import type { Submissions } from "../flow/strategy.ts";
import { acceptTraits } from "../flow/traits.ts";

/** What registration ends with: an account, and a session if the configuration grants one. */
export interface Registered {
  readonly identityId: string;
  readonly session?: IssuedSession;
}

/** Registration: a passed submission makes an identity. */
export const registrationEngine = (strategies: Strategies, reactions: Reactions): FlowEngine<"registration", Registered> =>
  createFlowEngine<"registration", Registered>(
    {
      kind: "registration",
      initialState: "choose_method",
      noStrategy: noRegistrationStrategy(),
      lifespanMs: ({ config }) => config.selfservice.flows.registration.lifespan,
      form: registrationForm,
      admit,
      fits: ({ config }, _flow, strategy) => strategy.aal(config) === 1,
      // Nobody signs in by a profile.
      namesMethod: ({ name }) => name !== "profile",
      expired: registrationFlowExpired,
      heir: (_, { internal: { afterVerificationReturnTo } }) => ({
        internal: afterVerificationReturnTo ? { afterVerificationReturnTo } : {},
      }),
      inspect,
      unanswered,
      complete: (ctx, flow, strategy, draft) => complete(ctx, flow, strategy, draft, reactions),
    },
    strategies,
    reactions,
  );

async function admit(ctx: Context): Promise<void> {
  if (await currentSession(ctx))
    throw problem(ErrorReason.SESSION_ALREADY_AVAILABLE, {
      reason: "Somebody is signed in already; sign out to make another account.",
    });
}

async function registrationForm(ctx: Context, flow: Flow, strategies: Strategies): Promise<Flow["ui"]> {
  const schema = await schemaOf(ctx, flow);
  const chosen = flow.internal["screen"] === "credentials";
  const traits = (flow.internal["traits"] ?? {}) as Record<string, unknown>;
  const nodes = [hidden("default", "csrf_token", "", { required: true }), ...traitNodes(schema, traits, { hidden: chosen })];
  for (const strategy of Object.values(strategies) as Strategy<Method>[]) {
    const step = strategy.enabled(ctx.config, "registration") && strategy.aal(ctx.config) === 1 ? strategy.registration : undefined;
    if (step) mergeNodes(nodes, await step.render(ctx, flow));
  }
  return {
    nodes: orderNodes("registration", nodes),
    messages: chosen ? [chooseCredential()] : [],
  };
}

/** Judges the traits before any method does, and keeps what the client typed in the form. */
async function inspect(
  ctx: Context,
  flow: Flow,
  { method }: Submissions["registration"],
): Promise<readonly Complaint[]> {
  if (method.case === undefined || method.case === "profile") return [];
  const accepted = acceptTraits(ctx, await schemaOf(ctx, flow), method.value.traits ?? {});
  setValues(flow.ui, accepted.shown);
  flow.traits = accepted.traits;
  return accepted.complaints;
}

/** Says what is wrong with the traits first, whether or not anybody knows what to do with them. */
async function unanswered(ctx: Context, flow: Flow, message: Message): Promise<readonly Complaint[]> {
  if (ctx.call.malformed !== undefined) return [{ message }];
  const { traits } = ctx.call.unnamed ?? {};
  const { complaints } = acceptTraits(ctx, await schemaOf(ctx, flow), isObject(traits) ? traits : {});
  return complaints.length ? complaints : [{ message }];
}

async function complete(
  ctx: Context,
  flow: Flow,
  { name }: Strategy<Method>,
  { credentials, verified = [], identityId: id }: RegistrationDraft,
  reactions: Reactions,
): Promise<Registered | { complaints: readonly Complaint[] }> {
  const schema = await schemaOf(ctx, flow);
  const prepared = prepareIdentity(ctx, {
    schema,
    traits: flow.traits ?? {},
    credentials,
    ...(id && { id }),
    verifiableAddresses: verified.map(({ via, address: value }) => ({ via, value, verified: true })),
  });
  const reviewed = await reactions.review(ctx, { flow, method: name, identity: prepared });
  if ("complaints" in reviewed) return reviewed;
  const { identity } = reviewed;
  const signsIn = isHooked(ctx, "registration", name, "session");
  const method = { method: name, aal: "aal1" as const, completed_at: ctx.now().toISOString() };
  const occasion = { flow, method: name, identity };
  const written = await createIdentity(ctx, identity, async (tx): Promise<Registered> => {
    const session = signsIn ? await issueSession(tx, identity.id, [method]) : undefined;
    await reactions.within(tx, occasion);
    await updateFlow(tx, { ...flow, active: null });
    return { identityId: identity.id, ...(session && { session }) };
  });
  if (written.kind === "conflict") return { complaints: [{ message: await whatIsTaken(ctx, identity) }] };
  await reactions.after(ctx, occasion).catch(async (error: unknown) => {
    // The account is there, and its owner can sign in to it; a session that nobody is handed need not be.
    const { session } = written.value;
    if (session) await revokeSession(ctx, identity.id, session.id);
    throw error;
  });
  return written.value;
}
