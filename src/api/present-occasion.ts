import { create } from "@bufbuild/protobuf";
import type { JsonValue } from "@bufbuild/protobuf";
import { LoginFlowSchema, RecoveryFlowSchema, RegistrationFlowSchema, SettingsFlowSchema, VerificationFlowSchema } from "#gen/ostiary/type/v1/flow_pb.js";
import { IdentitySchema } from "#gen/ostiary/type/v1/identity_pb.js";
import { SessionSchema } from "#gen/ostiary/type/v1/session_pb.js";
import type { Context } from "../context.ts";
import type { Flow, FlowKind } from "../flow/flow.ts";
import type { Occasion } from "../flow/hook.ts";
import { encoderOf } from "../rest/encode.ts";
import { presentLoginFlow, presentRecoveryFlow, presentRegistrationFlow, presentSettingsFlow, presentVerificationFlow } from "./present-flow.ts";
import { presentIdentity } from "./present-identity.ts";
import { presentSession } from "./present-session.ts";

const flows: Readonly<Record<FlowKind, (ctx: Context, flow: Flow) => JsonValue>> = {
  login: (ctx, flow) => encoderOf(LoginFlowSchema)(create(LoginFlowSchema, presentLoginFlow(ctx, flow))),
  registration: (ctx, flow) => encoderOf(RegistrationFlowSchema)(create(RegistrationFlowSchema, presentRegistrationFlow(ctx, flow))),
  settings: (ctx, flow) => encoderOf(SettingsFlowSchema)(create(SettingsFlowSchema, presentSettingsFlow(ctx, flow))),
  recovery: (ctx, flow) => encoderOf(RecoveryFlowSchema)(create(RecoveryFlowSchema, presentRecoveryFlow(ctx, flow))),
  verification: (ctx, flow) => encoderOf(VerificationFlowSchema)(create(VerificationFlowSchema, presentVerificationFlow(ctx, flow))),
};

/** What has happened, as REST shows it: what web hooks are told. Nothing is in it that its owner may not see. */
export function presentOccasion(ctx: Context, { flow, identity, session }: Occasion): Record<string, JsonValue> {
  return {
    // A program may ask for a member of the payload whether or not one was sent.
    flow: flows[flow.kind](ctx, { ...flow, transientPayload: flow.transientPayload ?? {} }),
    ...(identity && { identity: encoderOf(IdentitySchema)(create(IdentitySchema, presentIdentity(identity, ctx.config))) }),
    ...(session && { session: encoderOf(SessionSchema)(create(SessionSchema, presentSession(session, ctx.config, ctx.now()))) }),
  };
}
