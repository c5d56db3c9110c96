import assert from "node:assert/strict";
import { test } from "node:test";
import { mergeNodes, withMessages, withoutMessages, withValues } from "../../src/ui/form.ts";
import { failure, info } from "../../src/ui/message.ts";
import type { Message } from "../../src/ui/message.ts";
import { anchor, hidden, input, nameOf, submitNode } from "../../src/ui/node.ts";

const wrong = failure(4000001, "wrong");
const label = info(1, "label");
const form = {
  id: "kept",
  nodes: [
    hidden("default", "csrf_token", "token"),
    input("password", "identifier", { type: "text" }),
    input("password", "password", { type: "password" }),
    submitNode("password", "method", "password", label),
    submitNode("code", "method", "code", label),
  ],
  messages: [] as readonly Message[],
};

test("what is said of a node stands at it, of the whole form at the form, and neither changes the form that was", () => {
  const said = withMessages(form, [{ message: wrong }, { message: wrong, node: "identifier" }]);
  assert.deepEqual(said.messages, [wrong]);
  assert.deepEqual(said.nodes.filter(({ messages }) => messages.length).map(nameOf), ["identifier"]);
  assert.equal(said.id, "kept");
  assert.ok(form.messages.length === 0 && form.nodes.every(({ messages }) => messages.length === 0));
  assert.deepEqual(withoutMessages(said), form);
});

test("a node that is not there is made behind those of its group, so that nothing goes unsaid", () => {
  const { nodes } = withMessages(form, [
    { message: wrong, node: "traits.age", group: "password" },
    { message: wrong, node: "elsewhere", group: "oidc" },
  ]);
  assert.deepEqual(nodes.map(nameOf), [
    ...["csrf_token", "identifier", "password", "method", "traits.age", "method", "elsewhere"],
  ]);
});

test("a form has at most 2,048 nodes and 32 messages, whatever there is to say", () => {
  const said = withMessages(
    form,
    Array.from({ length: 5000 }, (_, at) => ({ message: failure(at, "x"), node: `n${at}` })),
  );
  assert.deepEqual([said.nodes.length, said.messages.length], [2048, 32]);
  assert.equal(said.messages.at(-1)!.id, 4999);
});

test("values fill fields in, but neither passwords nor buttons", () => {
  const values = new Map(["identifier", "password", "method"].map((name) => [name, "typed"]));
  const { nodes } = withValues(form, values);
  assert.deepEqual(
    nodes.map(({ attributes }) => attributes["value"]),
    ["token", "typed", undefined, "password", "code"],
  );
});

test("a node takes the place of the one of its name and group, and buttons stand beside each other", () => {
  const renamed = input("password", "identifier", { type: "email" });
  const more = [renamed, submitNode("password", "method", "other", label), submitNode("code", "method", "code", label)];
  const merged = mergeNodes(form.nodes, [...more, input("profile", "identifier", { type: "text" })]);
  assert.equal(merged.length, form.nodes.length + 2);
  assert.equal(merged[1], renamed);
  assert.deepEqual(
    merged.filter((node) => nameOf(node) === "method").map(({ attributes }) => attributes["value"]),
    ["password", "code", "other"],
  );
});

test("what is no input is known by its id", () => {
  assert.equal(nameOf(anchor("default", "more", "http://app.example.org/", label)), "more");
});
