import type { Context } from "../context.ts";
import { identifierLabel } from "../schema/identifiers.ts";
import { input } from "../ui/node.ts";
import type { UiNode } from "../ui/node.ts";
import type { Attempt } from "../flow/attempt.ts";
import type { Flow } from "../flow/flow.ts";
import { schemaOf } from "../flow/flow-schema.ts";
import { identifierFirst, identifierGiven } from "./login-screen.ts";

/** Where login forms ask who somebody is. Methods share it; in steps, the first screen has its own. */
export async function identifierNode(ctx: Context, flow: Flow, { account }: Attempt): Promise<UiNode[]> {
  if (identifierFirst(ctx, flow)) return [];
  const known = identifierGiven(flow) ?? account?.credentials.find(({ type }) => type === "password")?.identifiers[0];
  if (flow.refresh) return [input("default", "identifier", { type: "hidden", value: String(known ?? "") })];
  const label = identifierLabel(await schemaOf(ctx, flow));
  // Browsers offer passkeys in the field that says so.
  const { passkey, webauthn } = ctx.config.selfservice.methods;
  const byKey = passkey.enabled || (webauthn.enabled && webauthn.config.passwordless);
  const autocomplete = byKey ? { autocomplete: "username webauthn" } : {};
  return [input("default", "identifier", { type: "text", value: "", required: true, ...autocomplete, label })];
}
