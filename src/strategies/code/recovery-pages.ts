import { csrfNode, recoveryCodeNode } from "../../proof/recovery-form.ts";
import type { Form } from "../../flow/flow.ts";
import {
  chooseAddress,
  emailLabel,
  maskedLabel,
  phoneLabel,
  recoveryBack,
  recoveryCodeSentTo,
  resendLabel,
  typeAddressInFull,
} from "../../ui/code-messages.ts";
import { continueLabel } from "../../ui/messages.ts";
import { hidden, input, submitNode } from "../../ui/node.ts";

/** An address among which people choose. */
export interface Choosable {
  readonly via: "email" | "sms";
  readonly value: string;
  readonly digest: string;
}

/** An address in part: its owner knows it again, and nobody else learns it. */
export function maskAddress(address: string): string {
  const at = address.lastIndexOf("@");
  if (at >= 0) return `${address.slice(0, Math.min(2, at))}****${address.slice(at)}`;
  return `${address.slice(0, 3)}****${address.slice(-2)}`;
}

const back = () => submitNode("code", "screen", "previous", recoveryBack());
const go = () => submitNode("code", "method", "code", continueLabel());
const method = () => hidden("code", "method", "code");
const first = (typed: string) => hidden("code", "recovery_address", typed);

/** The page on which people choose where the code goes. */
export const choicePage = (typed: string, addresses: readonly Choosable[]): Form => ({
  nodes: [
    csrfNode(),
    ...addresses.map(({ value, digest }) =>
      submitNode("code", "recovery_select_address", digest, maskedLabel(maskAddress(value))),
    ),
    method(),
    first(typed),
    back(),
  ],
  messages: [chooseAddress()],
});

/** The page that takes the chosen address in full. */
export const confirmationPage = (typed: string, via: "email" | "sms"): Form => ({
  nodes: [
    csrfNode(),
    input("code", "recovery_confirm_address", {
      type: via === "email" ? "email" : "tel",
      required: true,
      label: via === "email" ? emailLabel() : phoneLabel(),
    }),
    go(),
    method(),
    first(typed),
    back(),
  ],
  messages: [typeAddressInFull()],
});

/** The page that takes the code. */
export const codePage = (typed: string, address: string, length: number): Form => ({
  nodes: [
    csrfNode(),
    recoveryCodeNode(length),
    go(),
    method(),
    submitNode("code", "recovery_confirm_address", address, resendLabel()),
    first(typed),
    back(),
  ],
  messages: [recoveryCodeSentTo(maskAddress(address))],
});
