import assert from "node:assert/strict";
import { encoded } from "../support/config.ts";
import { Client, csrfTokenOf, messageIds } from "../support/client.ts";
import { onEachDatabase } from "../support/servers.ts";
import { makePerson, makeTenant, signIn } from "./world.ts";

const email = "pat@example.org";
const [first, second] = ["correct-horse-battery-1", "another-horse-battery-2"];
const memberSchema = {
  type: "object",
  properties: {
    traits: {
      type: "object",
      properties: { handle: { type: "string", "ory.sh/kratos": { credentials: { password: { identifier: true } } } } },
      required: ["handle"],
      additionalProperties: false,
    },
  },
};
const members = { identity: { default_schema_id: "member", schemas: [{ id: "member", url: encoded(memberSchema) }] } };

onEachDatabase(
  "one e-mail address is two people's in two tenants, each with a password of their own",
  async (server) => {
    const [acme, globex] = [await makeTenant(server, "acme"), await makeTenant(server, "globex")];
    const [pat, other] = [await makePerson(acme, email, first), await makePerson(globex, email, second)];
    assert.notEqual(pat.id, other.id);
    assert.equal((await signIn(acme, email, first))?.session.identity.id, pat.id);
    assert.equal((await signIn(globex, email, second))?.session.identity.id, other.id);
    assert.equal(await signIn(acme, email, second), undefined);
    assert.equal(await signIn(globex, email, first), undefined);
    const { body: nobody } = await server.adminClient.get("/admin/identities");
    assert.deepEqual(nobody, [], "the default tenant has nobody");
    const { body: one } = await acme.admin("GET", "/admin/identities");
    assert.deepEqual(
      one.map(({ id }: { id: string }) => id),
      [pat.id],
    );
  },
);

onEachDatabase("a session opens the tenant that it was begun in, and no other", async (server) => {
  const [acme, globex] = [await makeTenant(server, "acme"), await makeTenant(server, "globex")];
  await makePerson(acme, email, first);
  await makePerson(globex, email, first);
  const { session, session_token: token } = await signIn(acme, email, first);
  const whoami = (tenant: typeof acme) => tenant.get("/sessions/whoami", { headers: { "x-session-token": token } });
  assert.equal((await whoami(acme)).status, 200);
  assert.equal((await whoami(globex)).status, 401);
  assert.equal((await server.native.get("/sessions/whoami", { headers: { "x-session-token": token } })).status, 401);
  assert.equal((await globex.admin("GET", `/admin/sessions/${session.id}`)).status, 404);
  assert.equal((await globex.admin("DELETE", `/admin/sessions/${session.id}`)).status, 404);
  assert.equal((await whoami(acme)).status, 200);
});

onEachDatabase("a browser's cookies and forms are of one tenant", async (server) => {
  const [acme, globex] = [await makeTenant(server, "acme"), await makeTenant(server, "globex")];
  await makePerson(acme, email, first);
  await makePerson(globex, email, first);
  const spa = new Client(server.publicUrl, "spa");
  const { body: flow } = await spa.get("/self-service/login/browser", { headers: acme.headers });
  const submission = { method: "password", identifier: email, password: first, csrf_token: csrfTokenOf(flow) };
  assert.match(flow.ui.action, /^http:\/\/acme\.example\//);
  assert.equal(
    (await spa.post(flow.ui.action, submission, { headers: globex.headers })).status,
    404,
    "the flow is not there",
  );
  assert.equal((await spa.get(`/self-service/login/flows?id=${flow.id}`, { headers: globex.headers })).status, 404);
  assert.equal((await spa.post(flow.ui.action, submission, { headers: acme.headers })).status, 200);
  assert.equal((await spa.get("/sessions/whoami", { headers: acme.headers })).status, 200);
  // A browser would not send it there; whoever steals it might.
  assert.equal((await spa.get("/sessions/whoami", { headers: globex.headers })).status, 401);
});

onEachDatabase("tenants differ in schema, methods and pages", async (server) => {
  const page = "https://members.globex.example/sign-in";
  const acme = await makeTenant(server, "acme");
  const globex = await makeTenant(server, "globex", {
    ...members,
    selfservice: { methods: { totp: { enabled: true } }, flows: { login: { ui_url: page } } },
  });
  const begun = await new Client(server.publicUrl, "html").get("/self-service/login/browser", {
    headers: globex.headers,
  });
  assert.ok(begun.location?.startsWith(`${page}?flow=`), String(begun.location));
  assert.deepEqual(
    (await globex.get("/schemas")).body.map(({ id }: { id: string }) => id),
    ["member"],
  );
  assert.deepEqual(
    (await acme.get("/schemas")).body.map(({ id }: { id: string }) => id),
    ["person"],
  );
  const { body: flow } = await globex.get("/self-service/registration/api");
  const { status, body } = await globex.post(flow.ui.action, {
    method: "password",
    password: first,
    traits: { handle: "pat" },
  });
  assert.equal(status, 200, JSON.stringify(body));
  const { body: elsewhere } = await acme.get("/self-service/registration/api");
  const refused = await acme.post(elsewhere.ui.action, {
    method: "password",
    password: first,
    traits: { handle: "pat" },
  });
  assert.equal(refused.status, 400);
  assert.ok(messageIds(refused.body).includes(4000002));
});

onEachDatabase("page tokens are of one tenant", async (server) => {
  const [acme, globex] = [await makeTenant(server, "acme"), await makeTenant(server, "globex")];
  for (const tenant of [acme, globex])
    for (const name of ["a", "b", "c"]) await makePerson(tenant, `${name}@example.org`, first);
  const { headers, body } = await acme.admin("GET", "/admin/identities?page_size=1");
  assert.equal(body.length, 1);
  const next = /<([^>]+)>; rel="next"/.exec(headers.get("link") ?? "")?.[1];
  assert.ok(next);
  assert.equal((await acme.admin("GET", next)).status, 200);
  const foreign = await globex.admin("GET", next);
  const known = new Set((await acme.admin("GET", "/admin/identities")).body.map(({ id }: { id: string }) => id));
  assert.ok(
    foreign.status === 400 || foreign.body.every(({ id }: { id: string }) => !known.has(id)),
    "nothing of the other tenant",
  );
});

onEachDatabase("whoever guesses passwords in one tenant uses up nothing in another", async (server) => {
  const [acme, globex] = [await makeTenant(server, "acme"), await makeTenant(server, "globex")];
  await makePerson(acme, email, first);
  await makePerson(globex, email, second);
  let refused = 0;
  for (let at = 0; at < 14; at++) {
    const { body: flow } = await acme.get("/self-service/login/api");
    const { status } = await acme.post(flow.ui.action, {
      method: "password",
      identifier: email,
      password: `wrong-${at}-horse-battery`,
    });
    if (status === 429) refused++;
  }
  assert.ok(refused > 0, "the budget of one tenant is used up");
  assert.ok(await signIn(globex, email, second), "and not that of the other");
});
