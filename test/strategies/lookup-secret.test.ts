import assert from "node:assert/strict";
import { test } from "node:test";
import { generateSync } from "otplib";
import { messageIds } from "../support/client.ts";
import type { Json } from "../support/client.ts";
import { mergeTrees } from "../support/config.ts";
import { atOnce, begin, nodeOf, signedIn, signInNatively, submit } from "../support/person.ts";
import type { Person } from "../support/person.ts";
import { createMigrated } from "../support/databases.ts";
import { startServer } from "../support/server.ts";
import type { TestServer } from "../support/server.ts";
import { onEachDatabase, onTwoServers } from "../support/servers.ts";
import { runSql } from "../support/run-sql.ts";

const config = { selfservice: { methods: { lookup_secret: { enabled: true } } } };
const method = "lookup_secret";

const totpOf = (server: TestServer, secret: string) =>
  generateSync({ secret, epoch: Math.floor(server.now().getTime() / 1000) });

const codesIn = (flow: Json): string[] =>
  nodeOf(flow, "lookup_secret_codes").attributes.text.context.secrets.map(({ context }: Json) => context.secret);

async function make(server: TestServer, { headers }: Person): Promise<string[]> {
  const flow = await begin(server, "settings", headers);
  const { status, body } = await submit(server, flow, { method, lookup_secret_regenerate: true }, headers);
  assert.equal(status, 200);
  assert.equal(body.state, "show_form");
  const done = await submit(server, flow, { method, lookup_secret_confirm: true }, headers);
  assert.equal(done.status, 200, JSON.stringify(done.body));
  return codesIn(body);
}

onEachDatabase(
  "backup codes are made, kept, used once each, shown and discarded",
  async (server) => {
    const person = await signedIn(server);
    const blank = await begin(server, "settings", person.headers);
    for (const verb of ["reveal", "confirm", "disable"]) {
      const none = await submit(server, blank, { method, [`lookup_secret_${verb}`]: true }, person.headers);
      assert.deepEqual(messageIds(none.body), [4000001], verb);
    }
    const codes = await make(server, person);
    assert.equal(new Set(codes).size, 12);
    assert.ok(codes.every((code) => /^[a-z0-9]{8}$/.test(code)));
    const tables = ["select config from identity_credentials", "select ui, memory from flows"];
    for (const table of tables) {
      const rows = JSON.stringify(await runSql(server.app.db, table));
      assert.ok(!codes.some((code) => rows.includes(code)), "no code stands in the database");
    }

    const headers = await signInNatively(server, person.email);
    const flow = await begin(server, "login", headers, "?aal=aal2");
    assert.deepEqual(messageIds((await submit(server, flow, { method }, headers)).body), [4000002]);
    assert.deepEqual(
      messageIds((await submit(server, flow, { method, lookup_secret: "zzzzzzzz" }, headers)).body),
      [4000016],
    );
    const steppedUp = await submit(server, flow, { method, lookup_secret: ` ${codes[3]!.toUpperCase()} ` }, headers);
    assert.equal(steppedUp.status, 200);
    assert.equal(steppedUp.body.session.authenticator_assurance_level, "aal2");

    const others = await signInNatively(server, person.email);
    const again = await submit(
      server,
      await begin(server, "login", others, "?aal=aal2"),
      { method, lookup_secret: codes[3] },
      others,
    );
    assert.deepEqual(messageIds(again.body), [4000012]);

    const now = { "x-session-token": steppedUp.body.session_token };
    const settings = await begin(server, "settings", now);
    const shown = await submit(server, settings, { method, lookup_secret_reveal: true }, now);
    const ids = nodeOf(shown.body, "lookup_secret_codes").attributes.text.context.secrets.map(({ id }: Json) => id);
    assert.deepEqual(ids.map((id: number) => id === 1050014).indexOf(true), 3);
    const { body: seen } = await server.admin("GET", `/admin/identities/${person.id}?include_credential=lookup_secret`);
    assert.deepEqual(Object.keys(seen.credentials.lookup_secret.config.recovery_codes[0]).toSorted(), [
      "code",
      "used_at",
    ]);
    assert.equal((await submit(server, settings, { method, lookup_secret_disable: true }, now)).body.state, "success");
    assert.equal(
      (await server.native.get("/sessions/whoami", { headers: await signInNatively(server, person.email) })).status,
      200,
    );
  },
  { config },
);

onEachDatabase(
  "of 64 uses of one code at once one passes",
  async (server) => {
    const person = await signedIn(server);
    const codes = await make(server, person);
    const headers = await signInNatively(server, person.email);
    const flow = await begin(server, "login", headers, "?aal=aal2");
    const answers = await atOnce(64, () => submit(server, flow, { method, lookup_secret: codes[0] }, headers));
    assert.equal(answers.filter(({ status }) => status === 200).length, 1);
  },
  { config },
);

onTwoServers(
  "of 64 uses of one code at once, at two servers over one database, one passes",
  async (one, other) => {
    const person = await signedIn(one);
    const codes = await make(one, person);
    const headers = await signInNatively(other, person.email);
    const flows = await Promise.all([one, other].map((server) => begin(server, "login", headers, "?aal=aal2")));
    const answers = await atOnce(64, (index) =>
      submit([one, other][index % 2]!, flows[index % 2], { method, lookup_secret: codes[0] }, headers),
    );
    assert.equal(answers.filter(({ status }) => status === 200).length, 1);
  },
  { config },
);

onEachDatabase(
  "guessing is stopped after five tries at once",
  async (server) => {
    const person = await signedIn(server);
    await make(server, person);
    const headers = await signInNatively(server, person.email);
    const flow = await begin(server, "login", headers, "?aal=aal2");
    const answers = await atOnce(25, () => submit(server, flow, { method, lookup_secret: "zzzzzzzz" }, headers));
    assert.equal(
      answers.filter(({ status }) => status === 400).length,
      5,
      "no more are looked at, however many come at once",
    );
    assert.ok(answers.some(({ status }) => status === 429));
  },
  { config },
);

onEachDatabase(
  "where settings need only the first factor, who has no more than that neither reads the second nor makes another",
  async (server) => {
    const person = await signedIn(server);
    const codes = await make(server, person);
    const headers = await signInNatively(server, person.email);
    const flow = await begin(server, "settings", headers);
    for (const verb of ["reveal", "regenerate", "confirm", "disable"]) {
      const { status, body } = await submit(server, flow, { method, [`lookup_secret_${verb}`]: true }, headers);
      assert.deepEqual([status, body.error?.id], [403, "session_aal2_required"], verb);
    }
    const app = {
      method: "totp",
      totp_code: totpOf(server, nodeOf(flow, "totp_secret_key").attributes.text.context.secret),
    };
    assert.equal((await submit(server, flow, app, headers)).body.error?.id, "session_aal2_required");
    const { body } = await server.native.get("/sessions/whoami", { headers });
    assert.equal(body.error.id, "session_aal2_required", "the session has not risen");

    const steppedUp = await submit(
      server,
      await begin(server, "login", headers, "?aal=aal2"),
      { method, lookup_secret: codes[0] },
      headers,
    );
    const now = { "x-session-token": steppedUp.body.session_token };
    assert.equal(
      (await submit(server, await begin(server, "settings", now), { method, lookup_secret_reveal: true }, now)).status,
      200,
    );
  },
  {
    config: mergeTrees(config, {
      selfservice: { methods: { totp: { enabled: true } }, flows: { settings: { required_aal: "aal1" } } },
    }),
  },
);

test("backup codes and authenticator apps outlive a rotation of the secrets", async (t) => {
  const scratch = await createMigrated("sqlite");
  const { dsn } = scratch;
  const both = mergeTrees(config, { selfservice: { methods: { totp: { enabled: true } } } });
  const [one, two] = ["a-default-secret-of-old", "a-default-secret-of-now"];
  const [oldCipher, newCipher] = ["a-cipher-secret-of-old-32--bytes", "a-cipher-secret-of-now-32--bytes"];
  const withSecrets = (general: string[], cipher: string[]) =>
    startServer(t, { dsn, config: mergeTrees(both, { secrets: { default: general, cipher } }) });

  const before = await withSecrets([one], [oldCipher]);
  const person = await signedIn(before);
  const codes = await make(before, person);
  const settings = await begin(before, "settings", person.headers);
  const { secret } = nodeOf(settings, "totp_secret_key").attributes.text.context;
  assert.equal(
    (await submit(before, settings, { method: "totp", totp_code: totpOf(before, secret) }, person.headers)).status,
    200,
  );

  const after = await withSecrets([two, one], [newCipher, oldCipher]);
  const climb = async (body: object) => {
    const headers = await signInNatively(after, person.email);
    return (await submit(after, await begin(after, "login", headers, "?aal=aal2"), body, headers)).status;
  };
  assert.equal(await climb({ method, lookup_secret: codes[0] }), 200);
  assert.equal(await climb({ method, lookup_secret: codes[0] }), 400);
  after.advance(30_000);
  assert.equal(await climb({ method: "totp", totp_code: totpOf(after, secret) }), 200);
  t.after(() => scratch.drop());
});

onEachDatabase(
  "codes stay on their page through all that is done with them there",
  async (server) => {
    const person = await signedIn(server);
    const flow = await begin(server, "settings", person.headers);
    const { headers } = person;
    const press = async (...verbs: string[]) => {
      const { body } = await submit(
        server,
        flow,
        Object.fromEntries(verbs.map((verb) => [`lookup_secret_${verb}`, true])),
        headers,
      );
      const buttons = body.ui.nodes.filter(
        ({ group, attributes }: Json) => group === method && attributes.type === "submit",
      );
      return {
        body,
        buttons: buttons.map(({ attributes }: Json) => attributes.name.replace("lookup_secret_", "")).toSorted(),
      };
    };
    const made = await press("regenerate");
    const first = codesIn(made.body);
    assert.deepEqual(made.buttons, ["confirm"]);
    assert.deepEqual(
      (await press("regenerate", "confirm")).buttons,
      ["disable", "reveal"],
      "what was pressed before may be sent along",
    );
    assert.deepEqual(codesIn((await press("reveal")).body), first);
    const others = await signInNatively(server, person.email);
    const login = await begin(server, "login", others, "?aal=aal2");
    assert.equal((await submit(server, login, { method, lookup_secret: first[0] }, others)).status, 200);
    const second = codesIn((await press("regenerate")).body);
    const shown = await press("reveal");
    assert.deepEqual(
      [shown.buttons, codesIn(shown.body).slice(1)],
      [["disable", "regenerate"], first.slice(1)],
      "those in force are shown beside those that wait",
    );
    assert.deepEqual((await press("confirm")).buttons, ["disable", "reveal"]);
    assert.deepEqual(codesIn((await press("reveal")).body), second);
    assert.deepEqual((await press("disable")).buttons, ["regenerate"]);
  },
  { config },
);
