import { create } from "@bufbuild/protobuf";
import type { JsonValue } from "@bufbuild/protobuf";
import {
  LoginFlowSchema,
  RecoveryFlowSchema,
  RegistrationFlowSchema,
  SettingsFlowSchema,
  VerificationFlowSchema,
} from "#gen/ostiary/type/v1/flow_pb.js";
import { IdentitySchema } from "#gen/ostiary/type/v1/identity_pb.js";
import { SessionSchema } from "#gen/ostiary/type/v1/session_pb.js";
import type { Context } from "../context.ts";
import type { FlowView } from "../flow/attempt.ts";
import type { FlowKind } from "../flow/kinds.ts";
import type { HookEvent } from "../flow/hook.ts";
import { encoderOf } from "../rest/encode.ts";
import {
  presentLoginFlow,
  presentRecoveryFlow,
  presentRegistrationFlow,
  presentSettingsFlow,
  presentVerificationFlow,
} from "./present-flow.ts";
import { presentIdentity } from "./present-identity.ts";
import { presentSession } from "./present-session.ts";

const flows: Readonly<Record<FlowKind, (ctx: Context, view: FlowView) => JsonValue>> = {
  login: (ctx, view) => encoderOf(LoginFlowSchema)(create(LoginFlowSchema, presentLoginFlow(ctx, view))),
  registration: (ctx, view) =>
    encoderOf(RegistrationFlowSchema)(create(RegistrationFlowSchema, presentRegistrationFlow(ctx, view))),
  settings: (ctx, view) => encoderOf(SettingsFlowSchema)(create(SettingsFlowSchema, presentSettingsFlow(ctx, view))),
  recovery: (ctx, view) => encoderOf(RecoveryFlowSchema)(create(RecoveryFlowSchema, presentRecoveryFlow(ctx, view))),
  verification: (ctx, view) =>
    encoderOf(VerificationFlowSchema)(create(VerificationFlowSchema, presentVerificationFlow(ctx, view))),
};

/** What has happened, as REST shows it: what web hooks are told. Nothing is in it that its owner may not see. */
export function presentEvent(ctx: Context, { flow, attempt, identity, session }: HookEvent): Record<string, JsonValue> {
  return {
    // A program may ask for a member of the payload whether or not one was sent.
    flow: flows[flow.kind](ctx, { flow, attempt: { ...attempt, transientPayload: attempt.transientPayload ?? {} } }),
    ...(identity && {
      identity: encoderOf(IdentitySchema)(create(IdentitySchema, presentIdentity(identity, ctx.config))),
    }),
    ...(session && {
      session: encoderOf(SessionSchema)(create(SessionSchema, presentSession(session, ctx.config, ctx.now()))),
    }),
  };
}
