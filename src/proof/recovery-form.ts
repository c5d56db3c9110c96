import type { Context } from "../context.ts";
import { emailLabel, recoveryAddressLabel, recoveryCodeLabel, resendLabel } from "../ui/code-messages.ts";
import { continueLabel } from "../ui/messages.ts";
import { hidden, input, submitNode } from "../ui/node.ts";
import type { UiNode } from "../ui/node.ts";
import type { Form } from "../flow/flow.ts";

/** Whether people who get back in by code choose among their addresses. */
export const choosesAddress = ({ config }: Context): boolean =>
  config.selfservice.flows.recovery.use === "code" && config.feature_flags.choose_recovery_address;

/** The anti-CSRF token's node; its value is filled in for each answer. */
export const csrfNode = (): UiNode => hidden("default", "csrf_token", "", { required: true });

/** The field for an e-mail address to get back in by. */
export const emailNode = (group: "code" | "link", value?: string): UiNode =>
  input(group, "email", { type: "email", ...(value !== undefined && { value }), required: true, label: emailLabel() });

/** The first page: which address? */
export function askRecovery(ctx: Context): Form {
  const by = ctx.config.selfservice.flows.recovery.use;
  const address = choosesAddress(ctx)
    ? input(by, "recovery_address", { type: "text", required: true, label: recoveryAddressLabel() })
    : emailNode(by);
  return { nodes: [csrfNode(), address, submitNode(by, "method", by, continueLabel())], messages: [] };
}

/** The field that takes a code of so many digits to get back in by. */
export const recoveryCodeNode = (maxlength: number): UiNode =>
  input("code", "code", {
    type: "text",
    required: true,
    autocomplete: "one-time-code",
    pattern: "[0-9]+",
    maxlength,
    label: recoveryCodeLabel(),
  });

/** The page that takes the code, once it is on its way to an e-mail address. */
export const askRecoveryCode = (email: string, length: number): UiNode[] => [
  csrfNode(),
  recoveryCodeNode(length),
  hidden("code", "method", "code"),
  submitNode("code", "method", "code", continueLabel()),
  submitNode("code", "email", email, resendLabel()),
];

/** The page that takes a code which an administrator has handed over. */
export const askHandedCode = (length: number): UiNode[] => [
  recoveryCodeNode(length),
  submitNode("code", "method", "code", continueLabel()),
];
