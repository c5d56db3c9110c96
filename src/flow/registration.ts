import type { Context } from "../context.ts";
import { ErrorReason, problem } from "../errors.ts";
import { createIdentity, prepareIdentity } from "../identity/write.ts";
import { traitNodes } from "../schema/trait-nodes.ts";
import { currentSession } from "../session/current.ts";
import { issueSession } from "../session/issue.ts";
import type { IssuedSession } from "../session/issue.ts";
import { mergeNodes, orderNodes, setValues } from "../ui/form.ts";
import {
  chooseCredential,
  duplicateCredentials,
  noRegistrationStrategy,
  registrationFlowExpired,
} from "../ui/messages.ts";
import { hidden } from "../ui/node.ts";
import { createFlowEngine } from "./engine.ts";
import type { FlowEngine } from "./engine.ts";
import type { Flow } from "./flow.ts";
import { hooksAfter } from "./hooks.ts";
import { schemaOf } from "./registration-schema.ts";
import { updateFlowIn } from "./repository.ts";
import type { Complaint, Method, RegistrationDraft, Strategies, Strategy } from "./strategy.ts";
import type { Submissions } from "./strategy.ts";
import { acceptTraits } from "./traits.ts";

/** What registration ends with: an account, and a session if the configuration grants one. */
export interface Registered {
  readonly identityId: string;
  readonly session?: IssuedSession;
}

/** Registration: a passed submission makes an identity. */
export const registrationEngine = (strategies: Strategies): FlowEngine<"registration", Registered> =>
  createFlowEngine<"registration", Registered>(
    {
      kind: "registration",
      initialState: "choose_method",
      noStrategy: noRegistrationStrategy(),
      lifespanMs: ({ config }) => config.selfservice.flows.registration.lifespan,
      form: registrationForm,
      admit,
      expired: registrationFlowExpired,
      inspect,
      complete,
    },
    strategies,
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
    const step = strategy.enabled(ctx.config) && strategy.aal === 1 ? strategy.registration : undefined;
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

async function complete(
  ctx: Context,
  flow: Flow,
  strategy: Strategy<Method>,
  { credentials }: RegistrationDraft,
): Promise<Registered | { complaints: readonly Complaint[] }> {
  const identity = prepareIdentity(ctx, {
    schema: await schemaOf(ctx, flow),
    traits: flow.traits ?? {},
    credentials,
  });
  const signsIn = hooksAfter(ctx, "registration", strategy.name).includes("session");
  const method = { method: strategy.name, aal: "aal1" as const, completed_at: ctx.now().toISOString() };
  const written = await createIdentity(ctx, identity, async (em): Promise<Registered> => {
    const session = signsIn ? await issueSession(ctx, em, identity.id, [method]) : undefined;
    await updateFlowIn(em, { ...flow, active: null }, ctx.now());
    return { identityId: identity.id, ...(session && { session }) };
  });
  return written.kind === "written" ? written.value : { complaints: [{ message: duplicateCredentials() }] };
}
