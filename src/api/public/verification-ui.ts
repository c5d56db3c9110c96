import type { MessageInitShape } from "@bufbuild/protobuf";
import type { ContinueWithSchema } from "#gen/ostiary/type/v1/continue_with_pb.js";
import type { Context } from "../../context.ts";
import type { Flow } from "../../flow/flow.ts";
import { isHooked } from "../../flow/hooks.ts";

/** What leads clients on to the verification that a flow has begun, where the configuration wants it shown. */
export function verificationUi(ctx: Context, flow: Flow, method: string): MessageInitShape<typeof ContinueWithSchema>[] {
  return isHooked(ctx, flow.kind, method, "show_verification_ui") ? showVerification(flow) : [];
}

/** Leads clients on to the verification that a flow has begun. */
export function showVerification(flow: Flow): MessageInitShape<typeof ContinueWithSchema>[] {
  if (!flow.verification) return [];
  const { id, address, url } = flow.verification;
  const shown = { id, verifiableAddress: address, ...(flow.type === "browser" && { url }) };
  return [{ action: { case: "showVerificationUi", value: { flow: shown } } }];
}
