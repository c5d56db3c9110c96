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

/** Something to say, of the whole form or of a node. */
export interface Said {
  readonly message: Message;
  readonly node?: string | undefined;
  readonly group?: string | undefined;
}

/** How many nodes a form may have: its own, and those that were made to tell of what is on none. */
const mostNodes = 2048;
const mostMessages = 32;

/** Says things of the whole form, or of one node each. A node that is not there is made, so that nothing goes unsaid. */
export function addMessages(form: FormContent, all: readonly Said[]): void {
  const byName = new Map<string, { readonly group: string; readonly messages: Message[] }>();
  for (const { message, node: name, group = "default" } of all) {
    if (name === undefined) say(form, message);
    else if (byName.has(name)) byName.get(name)!.messages.push(message);
    else byName.set(name, { group, messages: [message] });
  }
  if (!byName.size) return;
  form.nodes = form.nodes.map((node) => {
    const said = byName.get(nameOf(node));
    return said && byName.delete(nameOf(node)) ? { ...node, messages: [...node.messages, ...said.messages] } : node;
  });
  const made = Map.groupBy(byName, ([, { group }]) => group);
  for (const [group, some] of made) {
    const last = form.nodes.findLastIndex((node) => node.group === group);
    const room = Math.max(mostNodes - form.nodes.length, 0);
    const nodes = some.slice(0, room).map(([name, { messages }]) => ({ ...input(group, name, { type: "text" }), messages }));
    form.nodes.splice(last < 0 ? form.nodes.length : last + 1, 0, ...nodes);
    for (const message of some.slice(room).flatMap(([, { messages }]) => messages)) say(form, message);
  }
}

/** What some forms have said stays, as in Kratos, but not for ever: the oldest goes first. */
function say({ messages }: FormContent, message: Message): void {
  messages.push(message);
  if (messages.length > mostMessages) messages.shift();
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
  const places = new Map<string, number[]>();
  const note = (node: UiNode, at: number) => {
    const key = placeOf(node);
    const known = places.get(key);
    if (!known) places.set(key, [at]);
    else if (!known.includes(at)) known.push(at);
  };
  for (const [at, node] of nodes.entries()) note(node, at);
  for (const node of more) {
    const at = places.get(placeOf(node))?.find((place) => takesPlace(node, nodes[place]!)) ?? nodes.length;
    nodes[at] = node;
    note(node, at);
  }
}

const placeOf = (node: UiNode) => `${node.group} ${nameOf(node)}`;

const takesPlace = (node: UiNode, before: UiNode) =>
  node.attributes["type"] !== "submit" || node.attributes["value"] === before.attributes["value"];

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
