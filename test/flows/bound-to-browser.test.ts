import assert from "node:assert/strict";
import { create } from "@bufbuild/protobuf";
import type { DescMethodUnary } from "@bufbuild/protobuf";
import { contract } from "../support/contract.ts";
import { doors } from "../support/doors.ts";
import { csrfTokenOf } from "../support/client.ts";
import type { Client, Json } from "../support/client.ts";
import { password, submitIn } from "../support/person.ts";
import { onEachDatabase } from "../support/servers.ts";
import type { TestServer } from "../support/server.ts";

const page = (kind: string) => ({ enabled: true, ui_url: `http://app.example.org/${kind}` });
const config = {
  courier: { smtp: { connection_uri: "smtp://127.0.0.1:1/" } },
  selfservice: {
    methods: { code: { enabled: true }, link: { enabled: true } },
    flows: {
      recovery: page("recovery"),
      verification: page("verification"),
      settings: { ui_url: "http://app.example.org/settings" },
    },
  },
};

const kinds = ["login", "registration", "settings", "recovery", "verification"] as const;
type Kind = (typeof kinds)[number];

const email = "ada@example.org";

/** What would go through in the browser that the flow belongs to, as REST and as the contract write it. */
const entries: Readonly<Record<Kind, { json: Record<string, unknown>; method: { case: string; value: object } }>> = {
  login: entry("password", { identifier: email, password }),
  registration: entry("password", { traits: { email: "eve@example.org" }, password }),
  settings: entry("profile", { traits: { email, name: { first: "Ada" } } }),
  recovery: entry("code", { email }),
  verification: entry("code", { email }),
};

function entry(method: string, value: object) {
  return { json: { method, ...value }, method: { case: method, value } };
}

const cookies = (client: Client) => [...client.cookies].map(([name, value]) => `${name}=${value}`).join("; ");

/** A browser with an anti-CSRF cookie of its own, and a token that fits it; for settings it is the same person's. */
async function browserOf(server: TestServer, kind: Kind): Promise<{ client: Client; flow: Json }> {
  const client = server.spa();
  if (kind === "settings")
    assert.equal((await submitIn(client, "login", { method: "password", identifier: email, password })).status, 200);
  const { status, body: flow } = await client.get(`/self-service/${kind}/browser`);
  assert.equal(status, 200, JSON.stringify(flow));
  return { client, flow };
}

const updates = Object.fromEntries(
  kinds.map((kind) => {
    const name = `update${kind[0]!.toUpperCase()}${kind.slice(1)}Flow`;
    return [kind, contract.public.find(({ localName }) => localName === name)!];
  }),
) as Record<Kind, DescMethodUnary>;

for (const kind of kinds)
  onEachDatabase(
    `a flow (${kind}) is submitted by the browser that it was begun in, and by no other`,
    async (server) => {
      await server.createPerson({ email, password });
      const ada = await browserOf(server, kind);
      const eve = await browserOf(server, kind);
      const { json, method } = entries[kind];
      const path = `/self-service/${kind}?flow=${ada.flow.id}`;
      const token = csrfTokenOf(eve.flow);

      const refused = await eve.client.post(path, { ...json, csrf_token: token });
      assert.deepEqual([refused.status, refused.body.error?.id], [403, "security_csrf_violation"]);
      const form = { ...flat(json), csrf_token: token };
      const navigated = await eve.client.send("POST", path, { form, accept: "text/html" });
      assert.match(navigated.location ?? "", /^http:\/\/app\.example\.org\/error\?id=/);
      const broken = await eve.client.send("POST", path, { raw: "{" });
      assert.equal(broken.status, 403, "no form is shown to another browser");
      const got = await eve.client.get(`/self-service/${kind}/flows?id=${ada.flow.id}`);
      assert.deepEqual([got.status, got.body.error?.id], [403, "security_csrf_violation"]);

      for (const [protocol, open] of Object.entries(doors)) {
        if (protocol === "REST" || protocol === "Connect, by GET") continue;
        const update = updates[kind];
        const request = create(update.input, { flow: ada.flow.id, submission: { csrfToken: token, method } } as never);
        const outcome = await open(server.publicUrl)(update, request, { cookie: cookies(eve.client) });
        assert.equal(outcome?.verdict, "403 security_csrf_violation", protocol);
      }

      const own = await ada.client.post(path, { ...json, csrf_token: csrfTokenOf(ada.flow) });
      assert.ok(own.status === 200 || own.body.ui?.messages?.[0]?.type === "info", JSON.stringify(own.body));
    },
    { config },
  );

function flat(value: object, prefix = ""): Record<string, string> {
  return Object.assign(
    {},
    ...Object.entries(value).map(([name, one]) =>
      typeof one === "object" && one !== null
        ? flat(one as object, `${prefix}${name}.`)
        : { [`${prefix}${name}`]: String(one) },
    ),
  ) as Record<string, string>;
}
