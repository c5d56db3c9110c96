import assert from "node:assert/strict";
import { invitations } from "../../src/invitation/entities.ts";
import { sha256Hex } from "../../src/crypto/token.ts";
import { readEvents } from "../../src/events/read.ts";
import { cleanUp } from "../../src/cleanup/clean-up.ts";
import { codeSchema, encoded, personSchema } from "../support/config.ts";
import { mailTo, mailsTo } from "../support/mailbox.ts";
import type { Json } from "../support/client.ts";
import { atOnce, password } from "../support/person.ts";
import { reach, rowsOf } from "../support/rows.ts";
import { onEachDatabase, onTwoServers } from "../support/servers.ts";
import type { TestServer } from "../support/server.ts";

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;

const phoneSchema = {
  $id: "https://example.org/phone.schema.json",
  type: "object",
  properties: {
    traits: {
      type: "object",
      properties: {
        phone: {
          type: "string",
          format: "tel",
          "ory.sh/kratos": { credentials: { code: { identifier: true, via: "sms" } }, verification: { via: "sms" } },
        },
      },
    },
  },
};

const config = {
  identity: {
    default_schema_id: "person",
    schemas: [
      { id: "person", url: encoded(personSchema) },
      { id: "code", url: encoded(codeSchema) },
      { id: "phone", url: encoded(phoneSchema) },
    ],
  },
  selfservice: { pages: { name: "Acme" } },
};

/** Whom an invitation goes to by e-mail. */
const to = (address: string, more: object = {}) => ({ recipient: { via: "email", address }, ...more });

const invite = (server: TestServer, invitation: object) => server.adminClient.post("/admin/invitations", invitation);

onEachDatabase(
  "administrators invite people",
  async (server, t) => {
    const { adminClient } = server;

    await t.test("the link goes to the recipient, and of its token a hash is kept", async () => {
      const { status, body, headers } = await invite(
        server,
        to(" Ada@Example.org ", {
          traits: { name: { first: "Ada" } },
          metadata_public: { plan: "gold" },
          metadata_admin: ["a note"],
          return_to: "http://app.example.org/welcome",
        }),
      );
      assert.equal(status, 201, JSON.stringify(body));
      assert.equal(headers.get("cache-control"), "private, no-cache, no-store, must-revalidate");
      assert.equal(body.token, undefined);
      assert.equal(body.link, undefined);
      const { invitation } = body;
      assert.deepEqual(invitation.recipient, { via: "email", address: "ada@example.org" });
      assert.deepEqual(invitation.traits, { name: { first: "Ada" }, email: "ada@example.org" });
      assert.equal(invitation.schema_id, "person");
      assert.equal(invitation.state, "pending");
      assert.deepEqual(invitation.metadata_public, { plan: "gold" });
      assert.deepEqual(invitation.metadata_admin, ["a note"]);
      assert.equal(invitation.return_to, "http://app.example.org/welcome");
      assert.equal(invitation.invited_by_kind, "administrator");
      assert.equal(Date.parse(invitation.expires_at) - Date.parse(invitation.created_at), 7 * dayMs);
      const mail = await mailTo(server, "ada@example.org", { type: "invitation_valid" });
      assert.equal(mail.subject, "You are invited to Acme");
      const url = new URL(String(mail.templateData["invitation_url"]));
      assert.ok(mail.body.includes(url.href), mail.body);
      assert.equal(url.pathname, "/self-service/registration/browser");
      const token = url.searchParams.get("invitation")!;
      assert.match(token, /^\w{48}$/);
      const [row] = await rowsOf(server.app.db, invitations, (query) => query.where("id", "=", invitation.id));
      assert.equal(row!.tokenHash, sha256Hex(token));
      const { body: shown } = await adminClient.get(`/admin/invitations/${invitation.id}`);
      assert.deepEqual(shown, invitation);
      const all = await readEvents(reach(server.app.db), { after: 0, limit: 50 });
      const told = all.filter(({ type }) => type.startsWith("Invitation"));
      assert.deepEqual(
        told.map(({ type, reason, actorKind }) => [type, reason, actorKind]),
        [
          ["InvitationCreated", "admin.invite", "administrator"],
          ["InvitationSent", "admin.invite", "administrator"],
        ],
      );
      assert.ok(!JSON.stringify(told).includes("ada@"), "events name no address");
    });

    await t.test("a link that is not sent is in the answer, once", async () => {
      const { status, body } = await invite(server, to("eve@example.org", { send: false, expires_in: "2h" }));
      assert.equal(status, 201);
      assert.match(body.token, /^\w{48}$/);
      assert.equal(new URL(body.link).searchParams.get("invitation"), body.token);
      assert.equal(body.invitation.sent_at, undefined);
      assert.equal(Date.parse(body.invitation.expires_at) - Date.parse(body.invitation.created_at), 2 * hourMs);
      assert.deepEqual(await mailsTo(server, "eve@example.org"), []);
      const { body: list } = await adminClient.get("/admin/invitations");
      assert.ok(!JSON.stringify(list).includes(body.token));
    });

    await t.test("a phone is invited by text message", async () => {
      const wanted = { recipient: { address: "+49 30 901820" }, schema_id: "phone" };
      const { status, body } = await invite(server, wanted);
      assert.equal(status, 201, JSON.stringify(body));
      assert.deepEqual(body.invitation.recipient, { via: "sms", address: "+4930901820" });
      assert.deepEqual(body.invitation.traits, { phone: "+4930901820" });
      const mail = await mailTo(server, "+4930901820", { type: "invitation_valid" });
      assert.equal(mail.type, "sms");
      assert.match(mail.body, /^You are invited to Acme\. Sign up here: http/);
    });

    await t.test("what nobody could accept is refused", async () => {
      const refused = async (wanted: object, said: RegExp) => {
        const { status, body } = await invite(server, wanted);
        assert.equal(status, 400, JSON.stringify(body));
        assert.match(JSON.stringify(body.error), said);
      };
      await refused(to("bob@example.org", { traits: { age: 5 } }), /traits\.age/);
      await refused(to("bob@example.org", { traits: { unknown: 5 } }), /additional properties/);
      await refused(to("bob@example.org", { traits: { email: "other@example.org" } }), /no trait/);
      await refused(to("bob@example.org", { schema_id: "phone" }), /no trait/);
      await refused(to("bob"), /no e-mail address|not an e-mail address/);
      await refused({ recipient: { via: "sms", address: "110" } }, /phone number/);
      await refused(to("bob@example.org", { return_to: "https://evil.example" }), /return address/);
      await refused(to("bob@example.org", { expires_in: "4000h" }), /max_lifespan/);
      await refused(to("bob@example.org", { expires_in: "soon" }), /duration/);
      await refused(to("bob@example.org", { locale: "not a language" }), /locale/);
      await refused({}, /recipient/);
      const { status } = await invite(server, to("bob@example.org", { schema_id: "nobodys" }));
      assert.ok(status >= 400 && status < 500, String(status));
      assert.deepEqual(await mailsTo(server, "bob@example.org"), []);
    });

    await t.test("who has an account is not invited", async () => {
      await server.createPerson({ email: "pat@example.org", password });
      const { status, body } = await invite(server, to("PAT@example.org"));
      assert.equal(status, 409);
      assert.equal(body.error.id, "invitation_recipient_known");
    });

    await t.test("of invitations to one address at once there is one", async () => {
      const answers = await atOnce(6, () => invite(server, to("many@example.org")));
      assert.deepEqual(answers.map(({ status }) => status).toSorted(), [201, 409, 409, 409, 409, 409]);
      const refused = answers.find(({ status }) => status === 409)!;
      const made = answers.find(({ status }) => status === 201)!;
      assert.equal(refused.body.error.details.invitation_id, made.body.invitation.id);
      assert.equal((await mailsTo(server, "many@example.org")).length, 1);
    });

    await t.test("they are listed page by page, by state and by recipient", async () => {
      const list = async (query: string) => (await adminClient.get(`/admin/invitations?${query}`)).body;
      const all = await list("");
      assert.equal(all.length, 4);
      assert.deepEqual(
        all.map(({ id }: Json) => id),
        all
          .map(({ id }: Json) => id)
          .toSorted()
          .toReversed(),
      );
      const { body: first, headers } = await adminClient.get("/admin/invitations?page_size=3");
      assert.deepEqual(first, all.slice(0, 3));
      const [, next] = /<([^>]*)>; rel="next"/.exec(headers.get("link") ?? "")!;
      assert.deepEqual((await adminClient.get(next!)).body, all.slice(3));
      assert.deepEqual(
        (await list("recipient=EVE@example.org")).map(({ recipient }: Json) => recipient.address),
        ["eve@example.org"],
      );
      assert.equal((await list("state=pending")).length, 4);
      assert.deepEqual(await list("state=expired"), []);
      assert.equal((await adminClient.get("/admin/invitations?state=eaten")).status, 400);
    });

    await t.test("one that expired is shown as such, sent again by another link, and goes in the end", async () => {
      const [before] = (await adminClient.get("/admin/invitations?recipient=ada@example.org")).body;
      const first = await mailTo(server, "ada@example.org");
      server.advance(8 * dayMs);
      const { body: expired } = await adminClient.get("/admin/invitations?state=expired");
      assert.equal(expired.length, 4);
      const { status, body: again } = await adminClient.post(`/admin/invitations/${before.id}/resend?expires_in=24h`);
      assert.equal(status, 200, JSON.stringify(again));
      assert.equal(again.state, "pending");
      assert.ok(Date.parse(again.expires_at) > +server.now());
      const second = await mailTo(server, "ada@example.org", { after: first });
      assert.notEqual(second.templateData["invitation_url"], first.templateData["invitation_url"]);
      // One that is expired does not keep others from being made.
      assert.equal((await invite(server, to("eve@example.org"))).status, 201);
    });

    await t.test("no address is written to without end", async () => {
      const [one] = (await adminClient.get("/admin/invitations?recipient=ada@example.org")).body;
      const answers = [];
      for (let n = 0; n < 5; n++) answers.push(await adminClient.post(`/admin/invitations/${one.id}/resend`));
      assert.deepEqual(
        answers.map(({ status }) => status),
        [200, 200, 200, 200, 429],
      );
      assert.equal((await mailsTo(server, "ada@example.org")).length, 6);
      server.advance(25 * hourMs);
      assert.equal((await adminClient.post(`/admin/invitations/${one.id}/resend`)).status, 200);
    });

    await t.test("one that is revoked is neither sent again nor undone", async () => {
      const [one] = (await adminClient.get("/admin/invitations?recipient=ada@example.org")).body;
      const revoked = await adminClient.post(`/admin/invitations/${one.id}/revoke`);
      assert.equal(revoked.status, 200);
      assert.equal(revoked.body.state, "revoked");
      assert.equal((await adminClient.post(`/admin/invitations/${one.id}/revoke`)).body.state, "revoked");
      const again = await adminClient.post(`/admin/invitations/${one.id}/resend`);
      assert.equal(again.status, 410);
      assert.equal(again.body.error.id, "invitation_revoked");
      assert.deepEqual((await adminClient.get("/admin/invitations?state=revoked")).body, [revoked.body]);
      assert.equal((await invite(server, to("ada@example.org"))).status, 201);
      for (const deed of ["revoke", "resend"])
        assert.equal((await adminClient.post(`/admin/invitations/nothing/${deed}`)).status, 404);
    });

    await t.test("a month after it has expired it is gone", async () => {
      const keep = { keepMs: 0, keepMessagesMs: 0, keepDeliveriesMs: 0, keepEventsMs: 365 * dayMs };
      const clean = () => cleanUp(server.app.db, { batchSize: 10, tablePauseMs: 0, ...keep, now: () => server.now() });
      server.advance(10 * dayMs);
      assert.equal((await clean())["invitations"], 0);
      server.advance(30 * dayMs);
      assert.ok((await clean())["invitations"]! > 0);
      assert.deepEqual((await adminClient.get("/admin/invitations")).body, []);
    });
  },
  { config },
);

onTwoServers(
  "where nobody may sign up nobody is invited, nor sent an invitation again",
  async (open, closed) => {
    const refused = [await invite(closed, to("ada@example.org"))];
    const { body: made } = await invite(open, to("ada@example.org"));
    refused.push(await closed.adminClient.post(`/admin/invitations/${made.invitation.id}/resend`));
    for (const { status, body } of refused)
      assert.deepEqual([status, body.error.id], [400, "self_service_flow_disabled"]);
  },
  { config },
  { config: { ...config, selfservice: { flows: { registration: { enabled: false } } } } },
);
