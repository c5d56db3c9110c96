import type { MessageInitShape } from "@bufbuild/protobuf";
import type { ExchangeSessionTokenResponseSchema } from "#gen/ostiary/public/v1/session_service_pb.js";
import type { Context } from "../../context.ts";
import { ErrorReason, problem } from "../../errors.ts";
import { exchange } from "../../flow/exchange.ts";
import type { ExchangeCodes } from "../../flow/exchange-codes.ts";
import { findFlow } from "../../flow/repository.ts";
import { flowById } from "../../flow/statements.ts";
import { forbidKeeping } from "../../session/carrier.ts";
import { rememberDevice } from "../../session/known-device.ts";
import { meetsAal } from "../../session/required-aal.ts";
import { presentSession } from "../present-session.ts";
import { shownFlow } from "./shown-flow.ts";

const noSession = () => problem(ErrorReason.NOT_FOUND, { reason: "No session is to be had by these codes." });

/** The session that a flow of a native client has led to, for whoever has both of its codes. */
export async function exchangedSession(
  ctx: Context,
  codes: ExchangeCodes,
): Promise<MessageInitShape<typeof ExchangeSessionTokenResponseSchema>> {
  if (!codes.initCode || !codes.returnCode)
    throw problem(ErrorReason.BAD_REQUEST, { reason: "Both init_code and return_to_code have to be sent." });
  const found = await exchange(ctx, codes);
  if (!found) throw noSession();
  if (found.kind === "pending") throw await stillPending(ctx, found.flowId);
  const { session, token } = found;
  forbidKeeping(ctx);
  rememberDevice(ctx, session.identity.id, true);
  // Who it is stays untold until the second factor has been proved.
  const sure = meetsAal(ctx, session, ctx.config.session.whoami.required_aal);
  const view = { withoutDevices: true, withoutIdentity: !sure };
  return { sessionToken: token, session: presentSession(session, ctx.config, ctx.now(), view) };
}

/** The error that shows a flow that has not led to a session. */
async function stillPending(ctx: Context, flowId: string) {
  const kind = (await flowById(ctx, flowId))?.kind;
  const shown = kind && shownFlow(ctx, { flow: await findFlow(ctx, kind, flowId), attempt: {} });
  return shown ? problem(ErrorReason.SESSION_NOT_ISSUED, {}, shown) : noSession();
}
