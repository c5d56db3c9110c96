import type { Flow, Form } from "../../flow/flow.ts";
import { orderNodes } from "../../flow/order-nodes.ts";
import { csrfNode } from "../../proof/recovery-form.ts";
import { loginCodeLabel, loginCodeSent, ownCodeSent, resendLabel, sendCodeTo } from "../../ui/code-messages.ts";
import { continueLabel } from "../../ui/messages.ts";
import { hidden, input, nameOf, submitNode } from "../../ui/node.ts";
import type { UiNode } from "../../ui/node.ts";

/** An address of an account to which a code can be sent. */
export interface CodeAddress {
  readonly via: "email" | "sms";
  readonly value: string;
}

/** The buttons among which people choose where the code goes. */
export const addressButtons = (addresses: readonly CodeAddress[]): UiNode[] =>
  addresses.map(({ via, value }) => submitNode("code", "address", value, sendCodeTo(value, via)));

const codeNodes = (): UiNode[] => [
  hidden("code", "method", "code"),
  input("code", "code", { type: "text", required: true, autocomplete: "one-time-code", label: loginCodeLabel() }),
  submitNode("code", "method", "code", continueLabel()),
  submitNode("code", "resend", "code", resendLabel()),
];

/** The page that takes the code. Whom it was sent to stands where the form asked, or where it was chosen. */
export function askLoginCode(flow: Flow, named: string): Form {
  const node = flow.ui.nodes.find(
    (one) => nameOf(one) === "identifier" || (nameOf(one) === "address" && one.attributes["value"] === named),
  );
  const { required, autocomplete } = node?.attributes ?? {};
  const whom = input(node?.group ?? "default", "identifier", {
    type: "hidden",
    value: named,
    ...(typeof autocomplete === "string" && { autocomplete }),
    required: required === true,
    label: node?.meta.label,
  });
  const known = flow.refresh || flow.requestedAal > 1;
  return {
    nodes: [whom, ...codeNodes(), ...(flow.type === "browser" ? [csrfNode()] : [])],
    messages: [known ? ownCodeSent() : loginCodeSent()],
  };
}

/** The same page after a code that would not do. */
export const askLoginCodeAgain = (named: string): Form => ({
  nodes: orderNodes("login", [csrfNode(), hidden("default", "identifier", named), ...codeNodes()]),
  messages: [],
});
