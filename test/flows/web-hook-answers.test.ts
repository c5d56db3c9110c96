import assert from "node:assert/strict";
import { test } from "node:test";
import { collectingLog } from "../support/log.ts";
import { hook, startTarget } from "../support/hook-target.ts";
import { password } from "../support/person.ts";
import { startServer } from "../support/server.ts";

const refusal = (messages: unknown) => ({ status: 400, body: { messages } });
const edit = (identity: object) => ({ status: 200, body: { identity } });

/** Answers of hooks that nobody can make anything of. */
const odd = {
  "no object": { status: 200, body: "5" },
  "no JSON": { status: 200, body: "{" },
  "a refusal without words": refusal([]),
  "nothing in place of messages": refusal([null]),
  "text in place of messages": refusal("no"),
  "a number in place of a node's messages": refusal([{ messages: 5 }]),
  "nothing in place of a message": refusal([{ instance_ptr: "#/traits/email", messages: [null] }]),
  "traits that are none": edit({ traits: 5 }),
  "a list of traits": edit({ traits: [] }),
  "a schema that is not there": edit({ schema_id: "nope" }),
  "a number in place of a schema": edit({ schema_id: 5 }),
  "nothing in place of an address": edit({ verifiable_addresses: [null] }),
  "an object in place of addresses": edit({ verifiable_addresses: { length: 1 } }),
  "a number in place of an external id": edit({ external_id: 5 }),
  "an object in place of an external id": edit({ external_id: { a: 1 } }),
  "an object in place of an address": edit({
    verifiable_addresses: [{ via: "email", value: { a: 1 }, verified: true }],
  }),
  "text in place of addresses": edit({ verifiable_addresses: "a@example.org" }),
};

for (const [what, answer] of Object.entries(odd))
  test(`a hook that answers ${what} is at fault, and nothing is written`, async (t) => {
    const { url } = await startTarget(t, [answer]);
    const { log, events } = collectingLog();
    const server = await startServer(t, {
      log,
      config: {
        selfservice: {
          flows: { registration: { after: { password: { hooks: [hook(url, { response: { parse: true } })] } } } },
        },
      },
    });
    const { body: flow } = await server.native.get("/self-service/registration/api");
    const { status, body } = await server.native.post(flow.ui.action, {
      method: "password",
      password,
      traits: { email: "ada@example.org" },
    });
    assert.equal(status, 502, JSON.stringify(body));
    assert.deepEqual([events, (await server.admin("GET", "/admin/identities")).body], [[], []]);
  });

test("a message of a hook is shown as far as it is one", async (t) => {
  const messages = [
    {
      instance_ptr: 5,
      messages: [
        { id: 1e300, text: { a: 1 }, type: "error", context: ["x"] },
        { id: "7", text: "Seven.", type: "error" },
      ],
    },
  ];
  const { url } = await startTarget(t, [refusal(messages)]);
  const server = await startServer(t, {
    config: {
      selfservice: {
        flows: { registration: { after: { password: { hooks: [hook(url, { can_interrupt: true })] } } } },
      },
    },
  });
  const { body: flow } = await server.native.get("/self-service/registration/api");
  const { body } = await server.native.post(flow.ui.action, {
    method: "password",
    password,
    traits: { email: "ada@example.org" },
  });
  assert.deepEqual(body.ui.messages, [
    { id: 0, text: "", type: "error" },
    { id: 7, text: "Seven.", type: "error" },
  ]);
});
