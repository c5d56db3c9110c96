import type { Message } from "./message.ts";
import { input, nameOf } from "./node.ts";
import type { UiNode } from "./node.ts";

/** The nodes and messages of a form. */
export interface FormContent {
  nodes: UiNode[];
  messages: Message[];
}

/** The order of the groups, by kind of flow. */
const groupOrder: Readonly<Record<string, readonly string[]>> = {
  login: ["oidc", "identifier_first", "default", "webauthn", "passkey", "code", "password", "totp", "lookup_secret"],
  settings: ["default", "profile", "password", "oidc", "lookup_secret", "webauthn", "passkey", "totp"],
  registration: ["oidc", "saml", "default", "webauthn", "passkey", "code", "password", "captcha", "profile"],
};
const firstNames = ["csrf_token", "identifier", "password"];

/** Says something: of the whole form, or of one node. A node that is not there is made, so that nothing goes unsaid. */
export function addMessage(form: FormContent, message: Message, name?: string, group = "default"): void {
  if (name === undefined) {
    form.messages.push(message);
    return;
  }
  const at = form.nodes.findIndex((node) => nameOf(node) === name);
  if (at >= 0) form.nodes[at] = { ...form.nodes[at]!, messages: [...form.nodes[at]!.messages, message] };
  else {
    const last = form.nodes.findLastIndex((node) => node.group === group);
    const node = { ...input(group, name, { type: "text" }), messages: [message] };
    form.nodes.splice(last < 0 ? form.nodes.length : last + 1, 0, node);
  }
}

/** Takes back what an earlier submission was told. */
export function clearMessages(form: FormContent): void {
  form.messages = [];
  form.nodes = form.nodes.map((node) => (node.messages.length ? { ...node, messages: [] } : node));
}

/** Fills a node in. */
export const setValue = (form: FormContent, name: string, value: unknown): void =>
  setValues(form, new Map([[name, value]]));

/** Fills nodes in, by name. Passwords and buttons are left alone. */
export function setValues(form: FormContent, values: ReadonlyMap<string, unknown>): void {
  form.nodes = form.nodes.map((node) => {
    const name = nameOf(node);
    const type = node.attributes["type"];
    if (!values.has(name) || type === "password" || type === "submit") return node;
    return { ...node, attributes: { ...node.attributes, value: values.get(name) } };
  });
}

/** Adds nodes. One of the same name and group takes the place of the one before, but buttons stand beside each other. */
export function mergeNodes(nodes: UiNode[], more: readonly UiNode[]): void {
  for (const node of more) {
    const at = nodes.findIndex((known) => isSame(known, node));
    if (at >= 0) nodes[at] = node;
    else nodes.push(node);
  }
}

const isSame = (a: UiNode, b: UiNode) =>
  nameOf(a) === nameOf(b) &&
  a.group === b.group &&
  (b.attributes["type"] !== "submit" || a.attributes["value"] === b.attributes["value"]);

/** Puts nodes in the order in which forms show them: by group, what identifies first, what submits last. */
export function orderNodes(kind: "login" | "registration" | "settings", nodes: readonly UiNode[]): UiNode[] {
  const groups = groupOrder[kind]!;
  const rank = (node: UiNode) => {
    const group = groups.indexOf(node.group);
    return (group < 0 ? groups.length : group) * 100 + rankInGroup(node);
  };
  // Sorting is stable: within its rank a node stays where its method, or the schema, put it.
  return nodes.toSorted((a, b) => rank(a) - rank(b));
}

function rankInGroup(node: UiNode): number {
  const name = nameOf(node);
  if (name === "method") return 99;
  const first = firstNames.indexOf(name);
  return first < 0 ? firstNames.length : first;
}
