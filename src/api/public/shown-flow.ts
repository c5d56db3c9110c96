import { LoginFlowSchema, RegistrationFlowSchema } from "#gen/ostiary/type/v1/flow_pb.js";
import type { Context } from "../../context.ts";
import type { ErrorResource } from "../../errors.ts";
import type { FlowView } from "../../flow/attempt.ts";
import { presentLoginFlow, presentRegistrationFlow } from "../present-flow.ts";

/** A flow that an error shows, of one of the kinds that take over from each other; undefined for others. */
export function shownFlow(ctx: Context, view: FlowView): ErrorResource | undefined {
  switch (view.flow.kind) {
    case "login":
      return { desc: LoginFlowSchema, value: presentLoginFlow(ctx, view) };
    case "registration":
      return { desc: RegistrationFlowSchema, value: presentRegistrationFlow(ctx, view) };
    default:
      return undefined;
  }
}
