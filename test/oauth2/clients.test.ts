import assert from "node:assert/strict";
import { Configuration, OAuth2Api } from "@ory/hydra-client";
import * as oidc from "openid-client";
import { startServer } from "../support/server.ts";
import { makeTenant } from "../tenants/world.ts";
import { onEachDatabase } from "../support/servers.ts";
import { embedded, registered, relyingParty } from "../support/relying-party.ts";
import { test } from "node:test";

onEachDatabase(
  "Hydra's own client keeps clients: made, read, listed by pages, patched, replaced and removed",
  async (server) => {
    const hydra = new OAuth2Api(new Configuration({ basePath: server.adminUrl.replace(/\/$/, "") }));
    const { data: made } = await hydra.createOAuth2Client({
      oAuth2Client: {
        client_name: "Album",
        redirect_uris: ["https://album.example.org/callback"],
        grant_types: ["authorization_code", "refresh_token"],
        scope: "openid offline",
        metadata: { team: "photos" },
      },
    });
    assert.match(made.client_id!, /^[0-9a-f-]{36}$/);
    assert.match(made.client_secret!, /^\w{32}$/);
    const { data: read } = await hydra.getOAuth2Client({ id: made.client_id! });
    assert.equal(read.client_secret, undefined, "shown once");
    assert.deepEqual(read.metadata, { team: "photos" });
    assert.deepEqual(read.response_types, ["code"]);
    assert.equal(read.token_endpoint_auth_method, "client_secret_basic");

    const { data: patched } = await hydra.patchOAuth2Client({
      id: made.client_id!,
      jsonPatch: [{ op: "replace", path: "/client_name", value: "Albums" }],
    });
    assert.equal(patched.client_name, "Albums");
    const { data: replaced } = await hydra.setOAuth2Client({
      id: made.client_id!,
      oAuth2Client: { client_name: "Machine", grant_types: ["client_credentials"] },
    });
    assert.deepEqual([replaced.client_name, replaced.redirect_uris], ["Machine", []]);
    const at = await relyingParty(server, made);
    const { access_token: token } = await oidc.clientCredentialsGrant(at);
    assert.ok(token, "the secret stays where none is named");

    for (const name of ["a", "b", "c"])
      await registered(server, { client_name: name, client_id: name, grant_types: ["client_credentials"] });
    const first = await hydra.listOAuth2Clients({ pageSize: 3 });
    assert.equal(first.data.length, 3);
    const next = /page_token=([^&>]+)[^>]*>; rel="next"/.exec(String(first.headers["link"]))![1]!;
    const second = await hydra.listOAuth2Clients({ pageSize: 3, pageToken: decodeURIComponent(next) });
    assert.deepEqual(
      second.data.map(({ client_id: id }) => id),
      ["c"],
    );

    await hydra.deleteOAuth2Client({ id: made.client_id! });
    await assert.rejects(oidc.clientCredentialsGrant(at), { error: "invalid_client" });
    assert.equal((await server.admin("GET", `/admin/clients/${made.client_id}`)).status, 404);
    // Who takes its name gets nothing that it was given.
    const heir = await registered(server, { client_id: made.client_id, grant_types: ["client_credentials"] });
    assert.deepEqual(await oidc.tokenIntrospection(await relyingParty(server, heir), token), { active: false });
  },
  { config: embedded() },
);

onEachDatabase(
  "clients that contradict themselves, or exist already, are refused; those of one tenant are nobody else's",
  async (server) => {
    const made = await registered(server, { client_id: "album", grant_types: ["client_credentials"] });
    const again = await server.adminClient.post("/admin/clients", {
      client_id: "album",
      grant_types: ["client_credentials"],
    });
    assert.equal(again.status, 409);
    for (const wrong of [
      { redirect_uris: ["/nowhere"] },
      { redirect_uris: [] },
      { grant_types: ["client_credentials"], scope: "unknown" },
      { grant_types: ["everything"] },
      { grant_types: "client_credentials" },
      { grant_types: ["client_credentials"], access_token_strategy: "paper" },
      { grant_types: ["client_credentials"], backchannel_logout_uri: "https://album.example.org/out" },
    ]) {
      const { status, body } = await server.adminClient.post("/admin/clients", wrong);
      assert.equal(status, 400, JSON.stringify([wrong, body]));
    }
    const patch = [{ op: "add", path: "/backchannel_logout_uri", value: "https://album.example.org/out" }];
    assert.equal((await server.admin("PATCH", "/admin/clients/album", { json: patch })).status, 400);
    await makeTenant(server, "acme");
    const theirs = await server.admin("GET", `/admin/clients/${made.client_id}`, { headers: { "x-tenant": "acme" } });
    assert.equal(theirs.status, 404);
  },
  { config: embedded() },
);

onEachDatabase(
  "whoever may register a client themselves cannot let it skip the consent; an administrator changes it and loses nothing of it",
  async (server) => {
    const register = (metadata: object) => server.public("POST", "/oauth2/register", { json: metadata });
    const app = {
      client_name: "App",
      redirect_uris: ["https://app.example.org/"],
      default_max_age: 60,
    };
    const { status, body: made } = await register(app);
    assert.equal(status, 201, JSON.stringify(made));
    assert.ok(made.client_secret && made.registration_access_token);
    for (const wrong of [{ skip_consent: true }, { audience: ["https://photos.example.org/"] }]) {
      const refused = await register({ ...app, ...wrong });
      assert.deepEqual([refused.status, refused.body.error], [400, "invalid_client_metadata"]);
    }
    const renamed = [{ op: "replace", path: "/client_name", value: "Ours" }];
    assert.equal((await server.admin("PATCH", `/admin/clients/${made.client_id}`, { json: renamed })).status, 200);
    const own = await server.public("GET", new URL(made.registration_client_uri).pathname, {
      headers: { authorization: `Bearer ${made.registration_access_token}` },
    });
    assert.equal(own.status, 200, JSON.stringify(own.body));
    assert.deepEqual(
      [own.body.client_name, own.body.default_max_age, own.body.client_secret],
      ["Ours", 60, made.client_secret],
    );
  },
  { config: embedded({ dynamic_registration: true }) },
);

test("a server in another mode keeps no clients, and serves none of the provider's paths", async (t) => {
  const server = await startServer(t);
  assert.equal((await server.admin("GET", "/admin/clients")).status, 501);
  assert.equal((await server.native.get("/.well-known/openid-configuration")).status, 404);
});
