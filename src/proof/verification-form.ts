import type { Context } from "../context.ts";
import {
  emailLabel,
  emailOrPhoneLabel,
  emailVerified,
  phoneVerified,
  resendLabel,
  verificationCodeLabel,
  verificationCodeMailed,
  verificationCodeTexted,
  verificationLinkSent,
} from "../ui/code-messages.ts";
import { continueLabel } from "../ui/messages.ts";
import { anchor, hidden, input, submitNode } from "../ui/node.ts";
import type { UiNode } from "../ui/node.ts";
import type { Flow, Form } from "../flow/flow.ts";

/** The way in which an address is proved: by a code that is typed, or a link that is opened. */
export type VerificationMethod = "code" | "link";

/** How a server lets people prove addresses. */
export const verificationMethod = ({ config }: Context): VerificationMethod =>
  config.selfservice.flows.verification.use;

const csrf = () => hidden("default", "csrf_token", "", { required: true });

/** The field that takes the address. */
export function addressNode({ config }: Context, by: VerificationMethod, value?: string): UiNode {
  const texts = by === "code" && config.courier.channels.some(({ carries }) => carries === "sms");
  return input(by, "email", {
    type: texts ? "text" : "email",
    ...(value !== undefined && { value }),
    required: true,
    label: texts ? emailOrPhoneLabel() : emailLabel(),
  });
}

/** The first page: which address? */
export function askAddress(ctx: Context, flow: Flow, by: VerificationMethod): Form {
  const nodes = [addressNode(ctx, by), submitNode(by, "method", by, continueLabel())];
  if (by === "link") nodes.unshift(csrf());
  // Forms of codes show native clients no token that they have no use for.
  else if (flow.type === "browser") nodes.push(csrf());
  return { nodes, messages: [] };
}

/** The page once something is on its way. `field` is how the address is sent again. */
export function askSecret(
  ctx: Context,
  flow: Flow,
  by: VerificationMethod,
  address: string,
  field: "email" | "sms",
  via: "email" | "sms",
): Form {
  if (by === "link") {
    const nodes = [csrf(), addressNode(ctx, by, address), submitNode(by, "method", by, continueLabel())];
    return { nodes, messages: [verificationLinkSent()] };
  }
  const nodes = [
    hidden(by, "method", by),
    input(by, "code", { type: "text", required: true, autocomplete: "one-time-code", label: verificationCodeLabel() }),
    submitNode(by, "method", by, continueLabel()),
    ...(flow.type === "browser" ? [csrf()] : []),
    submitNode(by, field, address, resendLabel()),
  ];
  return { nodes, messages: [via === "email" ? verificationCodeMailed() : verificationCodeTexted()] };
}

/** The last page: the address is proved, and there is a way on. */
export const verifiedPage = (by: VerificationMethod, via: "email" | "sms", href: string): Form => ({
  nodes: [csrf(), anchor(by, "continue", href, continueLabel())],
  messages: [via === "email" ? emailVerified() : phoneVerified()],
  action: href,
});

/** The last page with another way on. */
export const leadingOn = (form: Form, href: string): Form => ({
  ...form,
  nodes: form.nodes.map((node) =>
    node.attributes["id"] === "continue" ? { ...node, attributes: { ...node.attributes, href } } : node,
  ),
});

/** The form with the field for the address where it has it, and the token where it lacks it: as for every complaint. */
export function askAgain(ctx: Context, form: Form, by: VerificationMethod, value = ""): Form {
  const field = addressNode(ctx, by, value);
  const at = form.nodes.findIndex(({ attributes }) => attributes["name"] === "email");
  const nodes = at < 0 ? [...form.nodes, field] : form.nodes.with(at, field);
  return {
    ...form,
    nodes: nodes.some(({ attributes }) => attributes["name"] === "csrf_token") ? nodes : [...nodes, csrf()],
  };
}
