import type { Message } from "./message.ts";
import { input, nameOf } from "./node.ts";
import type { UiNode } from "./node.ts";

/** The nodes and messages of a form. Forms are values: what changes one makes another. */
export interface FormContent {
  readonly nodes: readonly UiNode[];
  readonly messages: readonly Message[];
}

/** Something to say, of the whole form or of a node. */
export interface Said {
  readonly message: Message;
  readonly node?: string | undefined;
  readonly group?: string | undefined;
}

/** How many nodes a form may have: its own, and those that were made to tell of what is on none. */
const mostNodes = 2048;
const mostMessages = 32;

/** The form saying more: of the whole, or of one node each. A node that is not there is made, so that nothing goes unsaid. */
export function withMessages<F extends FormContent>(form: F, all: readonly Said[]): F {
  const byName = new Map<string, { readonly group: string; readonly messages: Message[] }>();
  const said: Message[] = [];
  for (const { message, node: name, group = "default" } of all) {
    if (name === undefined) said.push(message);
    else if (byName.has(name)) byName.get(name)!.messages.push(message);
    else byName.set(name, { group, messages: [message] });
  }
  const nodes = form.nodes.map((node) => {
    const own = byName.get(nameOf(node));
    return own && byName.delete(nameOf(node)) ? { ...node, messages: [...node.messages, ...own.messages] } : node;
  });
  for (const [group, some] of Map.groupBy(byName, ([, { group }]) => group)) {
    const last = nodes.findLastIndex((node) => node.group === group);
    const room = Math.max(mostNodes - nodes.length, 0);
    const made = some
      .slice(0, room)
      .map(([name, { messages }]) => ({ ...input(group, name, { type: "text" }), messages }));
    nodes.splice(last < 0 ? nodes.length : last + 1, 0, ...made);
    said.push(...some.slice(room).flatMap(([, { messages }]) => messages));
  }
  // What some forms have said stays, as in Kratos, but not for ever: the oldest goes first.
  return { ...form, nodes, messages: [...form.messages, ...said].slice(-mostMessages) };
}

/** The form without what an earlier submission was told. */
export const withoutMessages = <F extends FormContent>(form: F): F => ({
  ...form,
  nodes: form.nodes.map((node) => (node.messages.length ? { ...node, messages: [] } : node)),
  messages: [],
});

/** The form with a node filled in. */
export const withValue = <F extends FormContent>(form: F, name: string, value: unknown): F =>
  withValues(form, new Map([[name, value]]));

/** The form with nodes filled in, by name. Passwords and buttons are left alone. */
export function withValues<F extends FormContent>(form: F, values: ReadonlyMap<string, unknown>): F {
  const nodes = form.nodes.map((node) => {
    const name = nameOf(node);
    const type = node.attributes["type"];
    if (!values.has(name) || type === "password" || type === "submit") return node;
    return { ...node, attributes: { ...node.attributes, value: values.get(name) } };
  });
  return { ...form, nodes };
}

/** The form with more nodes: see `mergeNodes`. */
export const withNodes = <F extends FormContent>(form: F, more: readonly UiNode[]): F => ({
  ...form,
  nodes: mergeNodes(form.nodes, more),
});

/** Nodes, and more of them. One of the same name and group takes the place of the one before, but buttons stand beside each other. */
export function mergeNodes(nodes: readonly UiNode[], more: readonly UiNode[]): readonly UiNode[] {
  const merged = [...nodes];
  const places = new Map<string, number[]>();
  const note = (node: UiNode, at: number) => {
    const key = placeOf(node);
    const known = places.get(key);
    if (!known) places.set(key, [at]);
    else if (!known.includes(at)) known.push(at);
  };
  for (const [at, node] of merged.entries()) note(node, at);
  for (const node of more) {
    const at = places.get(placeOf(node))?.find((place) => takesPlace(node, merged[place]!)) ?? merged.length;
    merged[at] = node;
    note(node, at);
  }
  return merged;
}

const placeOf = (node: UiNode) => `${node.group} ${nameOf(node)}`;

const takesPlace = (node: UiNode, before: UiNode) =>
  node.attributes["type"] !== "submit" || node.attributes["value"] === before.attributes["value"];
