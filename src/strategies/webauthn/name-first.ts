import type { Context } from "../../context.ts";
import { renewChallenge } from "../../proof/challenge.ts";
import type { Flow } from "../../flow/flow.ts";
import { uiLocation } from "../../flow/replacement.ts";
import type { Verdict } from "../../flow/strategy.ts";
import { reject } from "../../flow/strategy.ts";
import { findCredential } from "../../identity/repository.ts";
import { setValue } from "../../ui/form.ts";
import { continueWithKey, keyReady, noKeyOwner, propertyMissing } from "../../ui/messages.ts";
import { hidden } from "../../ui/node.ts";
import { decoyKeys } from "../../webauthn/decoy.ts";
import { servingKeys } from "./keys.ts";
import { ownerNode, signatureNodes } from "./login-nodes.ts";

/** The first half of signing in by a security key alone: the form goes on by asking for the keys of whoever was named. */
export async function askForKey(ctx: Context, flow: Flow, identifier: string): Promise<Verdict<never>> {
  setValue(flow.ui, "identifier", identifier);
  if (!identifier) return reject({ message: propertyMissing("identifier"), node: "identifier", group: "default" });
  const credential = await findCredential(ctx, "webauthn", identifier);
  const keys = servingKeys(ctx.config, credential);
  const { mitigate } = ctx.config.security.account_enumeration;
  if (keys.length === 0 && !mitigate) return reject({ message: noKeyOwner() });
  renewChallenge(flow, "webauthn", keys.length > 0 && credential ? { identityId: credential.identityId } : {});
  flow.internal = { ...flow.internal, webauthn_name: identifier };
  flow.ui = {
    nodes: [
      hidden("default", "csrf_token", "", { required: true }),
      ownerNode(identifier),
      ...signatureNodes(ctx, flow, keys.length > 0 ? keys : decoyKeys(ctx, identifier), continueWithKey()),
    ],
    messages: [keyReady()],
  };
  return { kind: "redirected", url: uiLocation(ctx, "login", flow.id) };
}
