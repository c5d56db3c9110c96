import assert from "node:assert/strict";
import { test } from "node:test";
import type { Answer, Json } from "../support/client.ts";
import { encoded, mergeTrees, personSchema } from "../support/config.ts";
import type { ConfigTree } from "../support/config.ts";
import { codeIn, mailTo, mailsTo } from "../support/mailbox.ts";
import { begin, password, signedIn, submit } from "../support/person.ts";
import { onEachDatabase } from "../support/servers.ts";
import { startServer } from "../support/server.ts";
import type { TestServer } from "../support/server.ts";

const email = "pat@example.org";
const other = "eve@example.org";
const { email: address, name } = personSchema.properties.traits.properties;
const traits = {
  type: "object",
  properties: {
    email: {
      ...address,
      "ory.sh/kratos": {
        ...address["ory.sh/kratos"],
        credentials: { password: { identifier: true }, code: { identifier: true, via: "email" } },
      },
    },
    name,
  },
  required: ["email"],
};
const withCodes = (code: ConfigTree, more: ConfigTree = {}): { config: ConfigTree } => ({
  config: mergeTrees(
    {
      courier: { smtp: { connection_uri: "smtp://127.0.0.1:1/?disable_starttls=true" } },
      identity: {
        default_schema_id: "person",
        schemas: [{ id: "person", url: encoded({ ...personSchema, properties: { traits } }) }],
      },
      selfservice: {
        methods: { code: { enabled: true, ...code } },
        flows: { recovery: { enabled: true }, verification: { enabled: true } },
      },
    },
    more,
  ),
});

/** Where a submission left its flow, and what it was told: of the whole form, and node by node. */
const toldBy = ({ status, body: { ui, state } }: Answer): unknown[] => [
  status,
  state,
  ...(ui.messages ?? []).map(({ id }: Json) => id),
  ...ui.nodes.flatMap(({ attributes, messages }: Json) => messages.map(({ id }: Json) => `${attributes.name} ${id}`)),
];
const names = ({ body }: Answer) => body.ui.nodes.map(({ attributes }: Json) => attributes.name);

async function waiting(server: TestServer, kind: string, body: object): Promise<(members: object) => Promise<Answer>> {
  const flow = await begin(server, kind, {});
  const say = (members: object) => submit(server, flow, { method: "code", ...members }, {});
  await say(body);
  return say;
}

onEachDatabase(
  "a name that changes between asking for a code and entering it begins the sign-in anew",
  async (server) => {
    await server.createPerson({ email, password });
    await server.createPerson({ email: other, password });
    const say = await waiting(server, "login", { identifier: email });
    const code = codeIn(await mailTo(server, email));
    for (const identifier of [other, "nobody@example.org"]) {
      const refused = await say({ identifier, code });
      assert.deepEqual(toldBy(refused), [400, "choose_method", 4000035]);
      assert.ok(names(refused).includes("identifier") && !names(refused).includes("code"));
      assert.deepEqual(toldBy(await say({ identifier: email })), [400, "sent_email", 1010014]);
    }
    const mails = await mailsTo(server, email);
    assert.equal(mails.length, 3);
    assert.equal((await say({ identifier: " PAT@example.org", code: codeIn(mails.at(-1)!) })).status, 200);
  },
  withCodes({ passwordless_enabled: true }),
);

test("a changed name tells nothing of who has an account, where that is wanted", async (t) => {
  const server = await startServer(
    t,
    withCodes({ passwordless_enabled: true }, { security: { account_enumeration: { mitigate: true } } }),
  );
  await server.createPerson({ email, password });
  await server.createPerson({ email: other, password });
  for (const [first, then] of [
    [email, other],
    [email, "nobody@example.org"],
    ["nobody@example.org", email],
  ] as const) {
    const say = await waiting(server, "login", { identifier: first });
    assert.deepEqual(toldBy(await say({ identifier: then, code: "000000" })), [400, "choose_method", 4000035]);
  }
});

test("a code step without its code says so at the field, and sends nothing", async (t) => {
  const server = await startServer(t, withCodes({ passwordless_enabled: true }));
  await server.createPerson({ email, password });
  const steps: [string, object, object][] = [
    ["login", { identifier: email }, { identifier: email }],
    ["registration", { traits: { email: "new@example.org" } }, { traits: { email: "new@example.org" } }],
    ["recovery", { email }, {}],
  ];
  for (const [kind, asking, entering] of steps) {
    const say = await waiting(server, kind, asking);
    const before = (await mailsTo(server, email)).length;
    for (const code of [undefined, ""]) {
      const told = toldBy(await say({ ...entering, code }));
      assert.deepEqual([told[0], told[1], told.at(-1)], [400, "sent_email", "code 4000002"], kind);
    }
    assert.equal((await mailsTo(server, email)).length, before);
  }
  const choosing = await startServer(
    t,
    withCodes({ passwordless_enabled: true }, { feature_flags: { choose_recovery_address: true } }),
  );
  await choosing.createPerson({ email, password });
  const say = await waiting(choosing, "recovery", { recovery_address: email });
  assert.deepEqual(toldBy(await say({ recovery_address: email, code: "" })), [
    400,
    "recovery_awaiting_code",
    "code 4000002",
  ]);
});

test("whoever asks for another code may have changed what they say of themselves", async (t) => {
  const server = await startServer(t, withCodes({ passwordless_enabled: true }));
  const say = await waiting(server, "registration", { traits: { email } });
  const code = codeIn(await mailTo(server, email));
  assert.deepEqual(toldBy(await say({ traits: { email: other }, code })), [400, "sent_email", 4000036]);
  assert.deepEqual(toldBy(await say({ traits: { email: other }, resend: "code" })), [400, "sent_email", 1040005]);
  assert.deepEqual(toldBy(await say({ traits: { email: other }, code })), [400, "sent_email", 4040003]);
  assert.equal((await say({ traits: { email: other }, code: codeIn(await mailTo(server, other)) })).status, 200);
});

test("all that is missing is told at once", async (t) => {
  const server = await startServer(t, withCodes({ passwordless_enabled: true }));
  const { body: flow } = await server.native.get("/self-service/registration/api");
  const say = async (body: object) => toldBy(await server.native.post(flow.ui.action, body));
  const both = [400, "choose_method", "traits.email 4000002", "password 4000002"];
  assert.deepEqual(await say({ method: "password" }), both);
  assert.deepEqual(await say({ method: "password", password: "", traits: {} }), both);
  assert.deepEqual(await say({ method: "password", traits: { email: "x", name: { first: "A" } } }), [
    400,
    "choose_method",
    "traits.email 4000040",
    "traits.name.first 4000003",
    "password 4000002",
  ]);
  const form = await server.native.send("POST", flow.ui.action, {
    form: { method: "password", "traits.email": "", password: "" },
  });
  assert.deepEqual(toldBy(form), both);
  const waitingFor = await waiting(server, "registration", { traits: { email } });
  assert.deepEqual(toldBy(await waitingFor({ traits: {} })), [
    400,
    "sent_email",
    "traits.email 4000002",
    "code 4000002",
  ]);
  const login = await begin(server, "login", {});
  assert.deepEqual(toldBy(await submit(server, login, { method: "password" }, {})), [
    400,
    "choose_method",
    "identifier 4000002",
    "password 4000002",
  ]);
});

onEachDatabase(
  "a second factor goes to addresses of the account alone",
  async (server) => {
    const pat = await signedIn(server);
    await server.createPerson({ email: other, password });
    const flow = await begin(server, "login", pat.headers, "?aal=aal2");
    for (const address of [other, "nobody@example.org"]) {
      const refused = await submit(server, flow, { address, resend: "code" }, pat.headers);
      assert.ok(toldBy(refused).includes(4000035), JSON.stringify(toldBy(refused)));
      assert.deepEqual(await mailsTo(server, address), []);
    }
    const code = codeIn(await mailTo(server, email));
    assert.equal(
      (await submit(server, flow, { method: "code", identifier: email, code }, pat.headers)).body.session
        .authenticator_assurance_level,
      "aal2",
    );
  },
  withCodes({ mfa_enabled: true, passwordless_enabled: false }),
);
