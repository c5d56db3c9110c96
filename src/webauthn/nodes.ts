import { randomBytes } from "node:crypto";
import type { Context } from "../context.ts";
import { input } from "../ui/node.ts";
import type { InputOptions, UiNode } from "../ui/node.ts";
import { script } from "./script.ts";

/** The functions that the script puts on a page, by the names that clients of Kratos call. */
export type Trigger =
  | "oryWebAuthnRegistration"
  | "oryWebAuthnLogin"
  | "oryPasskeyLogin"
  | "oryPasskeyLoginAutocompleteInit"
  | "oryPasskeyRegistration"
  | "oryPasskeySettingsRegistration";

/** The script that talks to authenticators. Forms of native clients have none. */
export const scriptNode = ({ config }: Context): UiNode => ({
  type: "script",
  group: "webauthn",
  attributes: {
    src: new URL(".well-known/ory/webauthn.js", config.serve.public.base_url).href,
    async: true,
    referrerpolicy: "no-referrer",
    crossorigin: "anonymous",
    integrity: script().integrity,
    type: "text/javascript",
    id: "webauthn_script",
    nonce: randomBytes(16).toString("base64url"),
    node_type: "script",
  },
  messages: [],
  meta: {},
});

/** A button that calls the script; browsers are told how by an attribute of their own, native clients by its name alone. */
export const triggerNode = (
  group: string,
  name: string,
  trigger: Trigger,
  inBrowser: boolean,
  options: Omit<InputOptions, "type">,
): UiNode =>
  input(group, name, {
    type: "button",
    ...options,
    onclickTrigger: trigger,
    // Some pages run this without drawing the value: it brings along what to ask for.
    ...(inBrowser && { onclick: `window.${trigger}(${typeof options.value === "string" ? options.value : ""})` }),
  });
