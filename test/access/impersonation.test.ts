import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { createClient } from "@connectrpc/connect";
import { createGrpcTransport } from "@connectrpc/connect-node";
import { ImpersonationService } from "#gen/ostiary/admin/v1/impersonation_service_pb.js";
import { ImpersonationService as LinkService } from "#gen/ostiary/public/v1/impersonation_service_pb.js";
import { SessionService } from "#gen/ostiary/public/v1/session_service_pb.js";
import { eventsOf } from "../../src/events/list.ts";
import type { Json } from "../support/client.ts";
import { written } from "../support/mapper.ts";
import { atOnce, password, signedIn, signInNatively } from "../support/person.ts";
import { reach } from "../support/rows.ts";
import type { TestServer } from "../support/server.ts";
import { onEachDatabase } from "../support/servers.ts";
import { checked, keysOf, tokenOf } from "../support/tokens.ts";
import { makePerson, makeTenant } from "../tenants/world.ts";
import { byConsole, enter, openBrowser, signInAt } from "./two-ports.ts";
import { ask, caller, impersonation, linkFor, supportIn, whoami, why } from "./impersonating.ts";

const minute = 60_000;
const on = { config: { session: { impersonation } } };

/** When somebody last signed in; it is written a little later. */
async function lastSignIn(server: TestServer, id: string): Promise<number> {
  for (let left = 100; left > 0; left--) {
    const { body } = await server.admin("GET", `/admin/identities/${id}?expand=lifecycle`);
    if (body.last_sign_in_at) return Date.parse(body.last_sign_in_at);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error("it was not written");
}

onEachDatabase(
  "support signs in as a person for minutes, and everything says so",
  async (server) => {
    const ada = await signedIn(server, "ada@example.org");
    const by = await caller(server);
    server.advance(minute);
    const { body: offered } = await server.admin("GET", `/admin/identities/${ada.id}/impersonation`, by);
    assert.deepEqual(offered, {
      possible: true,
      obstacle: "",
      default_lifespan_seconds: 900,
      max_lifespan_seconds: 3600,
    });

    const link = await linkFor(server, by, ada.id);
    const browser = server.browser();
    const opened = await browser.get(link);
    assert.equal(opened.status, 303, JSON.stringify(opened.body));
    assert.doesNotMatch(opened.location!, /token/);
    assert.equal(opened.headers.get("referrer-policy"), "no-referrer");
    const { status, body: session } = await browser.get("/sessions/whoami", { accept: "application/json" });
    assert.equal(status, 200);
    assert.deepEqual(session.act, { sub: by.id, kind: "api_key", reason: why });
    assert.equal(session.identity.id, ada.id);
    assert.deepEqual(
      session.authentication_methods.map(({ method }: Json) => method),
      ["impersonation"],
    );
    assert.deepEqual(session.devices, [], "where support is, is no device of the person's");
    assert.ok(Math.abs(Date.parse(session.expires_at) - server.now().getTime() - 15 * minute) < 5000);

    const claims = await checked(await keysOf(server.native), await tokenOf(browser, "mapped"), server);
    assert.deepEqual(
      [claims.sub, claims.act, claims.exp! <= Date.parse(session.expires_at) / 1000],
      [ada.id, { sub: by.id }, true],
    );

    const { body: devices } = await server.native.get("/sessions", { headers: ada.headers });
    assert.deepEqual(
      devices.map(({ id, act, devices: at }: Json) => [id, act.reason, at]),
      [[session.id, why, []]],
    );
    const { body: mine } = await server.native.get("/sessions/whoami", { headers: ada.headers });
    assert.equal(mine.act, undefined);
    const { body: seen } = await server.admin("GET", `/admin/sessions/${session.id}`);
    assert.deepEqual(seen.act, session.act);
    assert.ok((await lastSignIn(server, ada.id)) < Date.parse(session.issued_at), "no sign-in of hers");

    const { body: flow } = await browser.get("/self-service/logout/browser", { accept: "application/json" });
    await browser.get(flow.logout_url);
    assert.equal((await whoami(browser)).status, 401);
    const { body: known } = await server.native.get("/account/export", { headers: ada.headers });
    const told = known.events.filter(({ type }: Json) => /^Impersonation|^Session(Issued|Revoked|Token)/.test(type));
    assert.deepEqual(
      told.map(({ type, actor, payload, client_address: at }: Json) => [type, actor, payload.reason, at]).toReversed(),
      [
        ["SessionIssued", "identity", undefined, told.at(-1).client_address],
        ["SessionIssued", "api_key", undefined, undefined],
        ["ImpersonationStarted", "api_key", why, undefined],
        ["SessionTokenizedAsJWT", "api_key", undefined, undefined],
        ["ImpersonationEnded", "api_key", why, undefined],
        ["SessionRevoked", "api_key", undefined, undefined],
      ],
    );
    for (const event of await eventsOf(reach(server.app.db), ada.id, 100))
      if (event.sessionId === session.id)
        assert.deepEqual(
          [event.actorKind, event.actorId, event.actorSessionId, event.onBehalfOfId],
          ["api_key", by.id, session.id, ada.id],
          event.type,
        );
    const [started] = (await server.admin("GET", "/admin/events?types=ImpersonationStarted")).body;
    assert.deepEqual(started.actor, { kind: "api_key", id: by.id, session_id: session.id, on_behalf_of: ada.id });
    assert.deepEqual([started.payload.reason, started.payload.expires_at], [why, session.expires_at]);
    assert.equal(known.sessions.find(({ id }: Json) => id === session.id).act.reason, why);
  },
  {
    config: {
      session: {
        impersonation,
        whoami: {
          tokenizer: {
            templates: { mapped: { ttl: "1h", claims_mapper_url: written("{ claims: { act: null, aud: ['api'] } }") } },
          },
        },
      },
    },
  },
);

onEachDatabase(
  "whom nobody may sign in as, who may not, and for how long, is told at once",
  async (server) => {
    const ada = await signedIn(server, "ada@example.org");
    const owner = await signedIn(server, "owner@example.org");
    const gone = await signedIn(server, "gone@example.org");
    const role = { json: { role: "viewer" } };
    assert.equal((await server.admin("PUT", `/admin/administrators/${owner.id}`, role)).status, 200);
    const turn = [{ op: "replace", path: "/state", value: "inactive" }];
    await server.admin("PATCH", `/admin/identities/${gone.id}`, { json: turn });
    const by = await caller(server);
    const all = await caller(server, ["*"]);
    const nobody = { headers: {} };

    for (const [who, id, more, expected, told] of [
      [by, owner.id, {}, "409 impersonation_refused", /administrator/],
      [all, owner.id, {}, "409 impersonation_refused", /administrator/],
      [by, gone.id, {}, "409 impersonation_refused", /disabled/],
      [nobody, ada.id, {}, "401 admin_credential_required", /has to be known/],
      [by, randomUUID(), {}, "404 undefined", /does not exist/],
      [by, "ada", {}, "404 undefined", /does not exist/],
      [by, ada.id, { reason: "" }, "400 undefined", /reason/],
      [by, ada.id, { reason: " \n" }, "400 undefined", /reason/],
      [by, ada.id, { reason: "x".repeat(301) }, "400 undefined", /reason/],
      [by, ada.id, { lifespan: "61m" }, "400 undefined", /3600s or less/],
      [by, ada.id, { lifespan: "0s" }, "400 undefined", /lifespan/],
      [by, ada.id, { lifespan: "soon" }, "400 undefined", /soon/],
    ] as const) {
      const { status, body } = await ask(server, who, id, more);
      assert.equal(`${status} ${body.error.id}`, expected, JSON.stringify(body));
      assert.match(JSON.stringify(body), told);
    }
    for (const [who, id, obstacle] of [
      [by, owner.id, "The account is an administrator's."],
      [nobody, ada.id, /has to be known/],
    ] as const) {
      const { body } = await server.admin("GET", `/admin/identities/${id}/impersonation`, who);
      assert.equal(body.possible, false);
      assert.match(body.obstacle, new RegExp(obstacle));
    }
    const long = await supportIn(server, by, ada.id, { lifespan: "1h" });
    server.advance(59 * minute);
    assert.equal((await whoami(long)).status, 200);
    server.advance(2 * minute);
    assert.equal((await whoami(long)).status, 401, "it ends by itself");
  },
  on,
);

onEachDatabase("nobody signs in as anybody unless that is switched on", async (server) => {
  const ada = await signedIn(server, "ada@example.org");
  const by = await caller(server, ["*"]);
  const { status, body } = await ask(server, by, ada.id);
  assert.deepEqual([status, body.error.id], [403, "impersonation_disabled"]);
  const followed = await server.native.get("/self-service/impersonation?token=x");
  assert.deepEqual([followed.status, followed.body.error.id], [403, "impersonation_disabled"]);
});

onEachDatabase(
  "a link is good once, for a minute, and for nobody who only looks",
  async (server) => {
    const ada = await signedIn(server, "ada@example.org");
    const by = await caller(server);
    const link = await linkFor(server, by, ada.id);
    const looked = await server.native.get(link, { headers: { "sec-purpose": "prefetch" } });
    assert.equal(looked.status, 400);
    const answers = await atOnce(6, () => server.spa().get(link));
    assert.deepEqual(answers.map(({ status }) => status).toSorted(), [200, 410, 410, 410, 410, 410]);
    assert.equal((await server.admin("GET", `/admin/identities/${ada.id}/sessions`)).body.length, 2);
    for (const token of ["", "x", "x".repeat(43)])
      assert.equal((await server.native.get(`/self-service/impersonation?token=${token}`)).status, 410);
    const late = await linkFor(server, by, ada.id);
    server.advance(minute + 1000);
    assert.equal((await server.spa().get(late)).status, 410);
    const secret = new URL(link).searchParams.get("token")!;
    assert.equal((await server.native.get("/sessions/whoami", { headers: { "x-session-token": secret } })).status, 401);
  },
  on,
);

onEachDatabase(
  "whoever becomes an administrator, or is disabled, is nobody's to sign in as any more, however it coincides",
  async (server) => {
    const by = await caller(server);
    const people = [];
    for (let n = 0; n < 6; n++) people.push(await signedIn(server, `p${n}@example.org`));
    const grant = (id: string) => server.admin("PUT", `/admin/administrators/${id}`, { json: { role: "support" } });
    const [first, second, third, ...others] = people;

    const browser = await supportIn(server, by, first!.id);
    const link = await linkFor(server, by, first!.id);
    assert.equal((await grant(first!.id)).status, 200);
    assert.equal((await whoami(browser)).status, 401);
    assert.equal((await server.spa().get(link)).status, 410, "the link went with it");
    assert.equal((await server.native.get("/sessions/whoami", { headers: first!.headers })).status, 200);
    const types = (await eventsOf(reach(server.app.db), first!.id, 4)).map(({ type, reason }) => [type, reason]);
    assert.ok(types.some(([type, reason]) => type === "ImpersonationEnded" && reason === "admin.grant_role"));

    await Promise.all(
      others.map(async ({ id }) => {
        const one = await linkFor(server, by, id);
        const support = server.spa();
        await Promise.all([support.get(one), grant(id)]);
        assert.equal((await whoami(support)).status, 401, "of the two who race, the role wins");
      }),
    );

    const waiting = await linkFor(server, by, second!.id);
    const inside = await supportIn(server, by, third!.id);
    for (const { id } of [second!, third!])
      await server.admin("PATCH", `/admin/identities/${id}`, {
        json: [{ op: "replace", path: "/state", value: "inactive" }],
      });
    const late = await server.spa().get(waiting);
    assert.deepEqual([late.status, late.body.error.id], [409, "impersonation_refused"]);
    assert.equal((await whoami(inside)).status, 401);
  },
  on,
);

onEachDatabase(
  "the person and administrators end it; it takes no place among the person's sessions, and keeps none",
  async (server) => {
    const ada = await signedIn(server, "ada@example.org");
    const by = await caller(server);
    server.advance(1000);
    const browser = await supportIn(server, by, ada.id);
    assert.equal((await server.native.get("/sessions/whoami", { headers: ada.headers })).status, 200);
    const { body: session } = await whoami(browser);
    server.advance(1000);
    const again = await signInNatively(server, "ada@example.org");
    assert.equal((await whoami(browser)).status, 200, "none of the two that she may have");
    assert.equal((await server.native.get("/sessions/whoami", { headers: ada.headers })).status, 200);
    assert.equal((await server.admin("PATCH", `/admin/sessions/${session.id}/extend`)).status, 403);

    assert.equal((await server.native.delete(`/sessions/${session.id}`, { headers: again })).status, 204);
    assert.equal((await whoami(browser)).status, 401);
    const second = await supportIn(server, by, ada.id);
    assert.equal((await server.native.delete("/sessions", { headers: again })).body.count, 3);
    assert.equal((await whoami(second)).status, 401);
    const third = await supportIn(server, by, ada.id);
    const { body: last } = await whoami(third);
    assert.equal((await server.adminClient.delete(`/admin/sessions/${last.id}`)).status, 204);
    assert.equal((await whoami(third)).status, 401);
    const fourth = await supportIn(server, by, ada.id);
    await server.adminClient.delete(`/admin/identities/${ada.id}/sessions`);
    assert.equal((await whoami(fourth)).status, 401);
    const ends = (await eventsOf(reach(server.app.db), ada.id, 100)).filter(
      ({ type }) => type === "ImpersonationEnded",
    );
    assert.deepEqual(ends.map(({ reason, actorKind }) => [reason, actorKind]).toReversed(), [
      ["sessions.revoke", "identity"],
      ["sessions.revoke_others", "identity"],
      ["admin.disable_session", "administrator"],
      ["admin.delete_sessions", "administrator"],
    ]);
  },
  {
    config: {
      session: { impersonation, max_per_identity: 2, cache: { mode: "strict" }, auto_extend: { enabled: true } },
    },
  },
);

onEachDatabase(
  "a link of somebody who has lost their role since opens nothing",
  async (server) => {
    const ada = await server.createPerson({ email: "ada@example.org", password });
    const { id } = await server.createPerson({ email: "support@example.org", password });
    await server.admin("PUT", `/admin/administrators/${id}`, { json: { role: "support" } });
    const administrator = openBrowser(server);
    await signInAt(administrator, "support@example.org");
    await enter(administrator);
    const link = async (): Promise<string> => {
      const request = { json: { reason: why }, headers: byConsole, accept: "application/json" };
      const path = `/admin/identities/${ada.id}/impersonation`;
      const { status, body } = await administrator.console.send("POST", path, request);
      assert.equal(status, 201, JSON.stringify(body));
      return body.impersonation_link;
    };
    const [used, kept] = [await link(), await link()];
    assert.equal((await server.spa().get(used)).status, 200);
    assert.equal((await server.admin("DELETE", `/admin/administrators/${id}`)).status, 204);
    assert.equal((await server.spa().get(kept)).status, 410);
  },
  on,
);

onEachDatabase(
  "a tenant's support signs in as its own people, at its own address, if it may",
  async (server) => {
    const acme = await makeTenant(server, "acme", { session: { impersonation } });
    const other = await makeTenant(server, "other", { session: { impersonation } });
    const closed = await makeTenant(server, "closed");
    const ada = await makePerson(acme, "ada@example.org", password);
    const eve = await makePerson(closed, "eve@example.org", password);
    const by = await caller(server, ["*"], acme.named);
    const link = new URL(await linkFor(server, by, ada.id));
    const elsewhere = await server.spa().get(link.href, { headers: other.headers });
    assert.equal(elsewhere.status, 410, "another tenant's link is none");
    const browser = server.spa();
    assert.equal((await browser.get(link.href, { headers: acme.headers })).status, 200);
    const { body } = await browser.get("/sessions/whoami", { headers: acme.headers });
    assert.deepEqual([body.identity.id, body.act.sub], [ada.id, by.id]);
    assert.equal((await browser.get("/sessions/whoami", { headers: other.headers })).status, 401);
    assert.equal((await ask(server, by, eve.id)).status, 404, "nobody of another tenant");
    const whole = await caller(server, ["*"]);
    const off = await ask(server, { headers: { ...whole.headers, ...closed.named } }, eve.id);
    assert.equal(off.body.error.id, "impersonation_disabled");
  },
  {},
);

onEachDatabase(
  "all of it goes by gRPC as by REST",
  async (server) => {
    const { id } = await server.createPerson({ email: "ada@example.org", password });
    const by = await caller(server);
    const admin = createGrpcTransport({ baseUrl: server.adminUrl });
    const open = createGrpcTransport({ baseUrl: server.publicUrl });
    const support = createClient(ImpersonationService, admin);
    const { impersonation: offered } = await support.getImpersonation({ id }, by);
    assert.deepEqual([offered?.possible, offered?.maxLifespanSeconds], [true, 3600]);
    const asked = { id, impersonation: { reason: why, lifespan: "5m" } };
    const { impersonationLink } = await support.createImpersonation(asked, by);
    const token = new URL(impersonationLink).searchParams.get("token")!;
    const cookies: string[] = [];
    const onHeader = (headers: Headers) => void cookies.push(...headers.getSetCookie());
    const links = createClient(LinkService, open);
    const { redirectBrowserTo } = await links.beginImpersonation({ token }, { onHeader });
    assert.equal(redirectBrowserTo, "http://app.example.org/");
    const cookie = cookies.map((line) => line.split(";")[0]).join("; ");
    const { session } = await createClient(SessionService, open).toSession({}, { headers: { cookie } });
    assert.deepEqual([session?.identity?.id, session?.act?.sub, session?.act?.kind], [id, by.id, "api_key"]);
    await assert.rejects(links.beginImpersonation({ token }), /no longer available/);
    await assert.rejects(support.createImpersonation(asked), /valid credential/);
    const { session: plain } = await createClient(SessionService, open).toSession(
      {},
      { headers: await signInNatively(server, "ada@example.org") },
    );
    assert.equal(plain?.act, undefined);
  },
  on,
);
