import type { MessageInitShape } from "@bufbuild/protobuf";
import type { ContinueWithSchema } from "#gen/ostiary/type/v1/continue_with_pb.js";
import type { Context } from "../../context.ts";
import type { FlowView } from "../../flow/attempt.ts";
import { isHooked } from "../../flow/configured-hooks.ts";

/** What leads clients on to the verification that a flow has begun, where the configuration wants it shown. */
export function verificationUi(
  ctx: Context,
  view: FlowView,
  method: string,
): MessageInitShape<typeof ContinueWithSchema>[] {
  return isHooked(ctx, view.flow.kind, method, "show_verification_ui") ? showVerification(view) : [];
}

/** Leads clients on to the verification that a flow has begun. */
export function showVerification({
  flow,
  attempt: { verification },
}: FlowView): MessageInitShape<typeof ContinueWithSchema>[] {
  if (!verification) return [];
  const { id, address, url } = verification;
  const shown = { id, verifiableAddress: address, ...(flow.type === "browser" && { url }) };
  return [{ action: { case: "showVerificationUi", value: { flow: shown } } }];
}
