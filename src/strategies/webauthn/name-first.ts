import type { Context } from "../../context.ts";
import { renewChallenge } from "../../proof/challenge.ts";
import { advance } from "../../flow/progress.ts";
import type { Flow } from "../../flow/flow.ts";
import { uiLocation } from "../../flow/replacement.ts";
import { redirect, reject } from "../../flow/verdict.ts";
import type { Verdict } from "../../flow/verdict.ts";
import { findCredential } from "../../identity/repository.ts";
import { withValue } from "../../ui/form.ts";
import { continueWithKey, keyReady, noKeyOwner, propertyMissing } from "../../ui/messages.ts";
import { hidden } from "../../ui/node.ts";
import { decoyKeys } from "../../webauthn/decoy.ts";
import { servingKeys } from "./keys.ts";
import { ownerNode, signatureNodes } from "./login-nodes.ts";

/** The first half of signing in by a security key alone: the form goes on by asking for the keys of whoever was named. */
export async function askForKey(ctx: Context, flow: Flow<"login">, identifier: string): Promise<Verdict<"login">> {
  const form = withValue(flow.ui, "identifier", identifier);
  if (!identifier)
    return { ...reject({ message: propertyMissing("identifier"), node: "identifier", group: "default" }), form };
  const credential = await findCredential(ctx, "webauthn", identifier);
  const keys = servingKeys(ctx.config, credential);
  const { mitigate } = ctx.config.security.account_enumeration;
  if (keys.length === 0 && !mitigate) return { ...reject({ message: noKeyOwner() }), form };
  const about = { name: identifier, ...(keys.length > 0 && credential && { identityId: credential.identityId }) };
  const { memory } = renewChallenge(flow, "webauthn", about);
  const shown = keys.length > 0 ? keys : decoyKeys(ctx, identifier);
  const { nodes } = signatureNodes(ctx, advance(flow, { memory }), about, shown, continueWithKey());
  const page = [hidden("default", "csrf_token", "", { required: true }), ownerNode(identifier), ...nodes];
  return redirect(uiLocation(ctx, "login", flow.id), { form: { nodes: page, messages: [keyReady()] }, memory });
}
