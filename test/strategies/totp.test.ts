import assert from "node:assert/strict";
import { test } from "node:test";
import { generateSync } from "otplib";
import { stepOf } from "../../src/strategies/totp/key.ts";
import { messageIds } from "../support/client.ts";
import { encoded, personSchema } from "../support/config.ts";
import { atOnce, begin, nodeOf, password, signedIn, signInNatively, submit, submitIn } from "../support/person.ts";
import type { Person } from "../support/person.ts";
import { startServer } from "../support/server.ts";
import type { TestServer } from "../support/server.ts";
import { onEachDatabase, onTwoServers } from "../support/servers.ts";
import { runSql } from "../support/run-sql.ts";

const config = { session: { rotate_native_tokens: true }, selfservice: { methods: { totp: { enabled: true } } } };
const half = 30_000;

const codeOf = (server: TestServer, secret: string) =>
  generateSync({ secret, epoch: Math.floor(server.now().getTime() / 1000) });

async function enrol(server: TestServer, { headers }: Person): Promise<string> {
  const flow = await begin(server, "settings", headers);
  assert.match(nodeOf(flow, "totp_qr").attributes.src, /^data:image\/png;base64,/);
  const { secret } = nodeOf(flow, "totp_secret_key").attributes.text.context;
  const done = await submit(server, flow, { method: "totp", totp_code: codeOf(server, secret) }, headers);
  assert.equal(done.status, 200, JSON.stringify(done.body));
  assert.ok(nodeOf(done.body, "totp_unlink"));
  return secret;
}

onEachDatabase(
  "a person sets an authenticator app up, needs it from then on, and gives it up",
  async (server) => {
    const person = await signedIn(server);
    const flow = await begin(server, "settings", person.headers);
    const bad = await submit(server, flow, { method: "totp", totp_code: "000000" }, person.headers);
    assert.equal(bad.status, 400);
    assert.deepEqual(messageIds(bad.body), [4000008]);
    const { body: untouched } = await server.admin("GET", `/admin/identities/${person.id}`);
    assert.equal(untouched.credentials.totp, undefined, "an abandoned enrolment leaves nothing");

    const secret = await enrol(server, person);
    const enrolled = await server.native.get("/sessions/whoami", { headers: person.headers });
    assert.equal(enrolled.body.authenticator_assurance_level, "aal2");
    assert.deepEqual(
      enrolled.body.authentication_methods.map(({ method }: { method: string }) => method),
      ["password", "totp"],
    );
    const kept = await runSql(server.app.db, "select config from identity_credentials where type = 'totp'");
    assert.ok(!JSON.stringify(kept).includes(secret), "the seed is sealed");
    const flows = await runSql(server.app.db, "select ui, memory from flows");
    assert.ok(!JSON.stringify(flows).includes(secret), "and so is the form that showed it");

    const headers = await signInNatively(server, person.email);
    assert.equal((await server.native.get("/sessions/whoami", { headers })).body.error.id, "session_aal2_required");
    assert.equal(
      (await server.native.get("/self-service/settings/api", { headers })).body.error.id,
      "session_aal2_required",
    );
    server.advance(half);
    const second = await begin(server, "login", headers, "?aal=aal2");
    assert.deepEqual(messageIds(second), [1010004]);
    const token = (await submit(server, second, { method: "totp", totp_code: codeOf(server, secret) }, headers)).body
      .session_token;
    assert.notEqual(token, headers["x-session-token"]);
    assert.equal(
      (await server.native.get("/sessions/whoami", { headers })).status,
      401,
      "the token of the first level is worth nothing",
    );
    const steppedUp = { "x-session-token": token };
    assert.equal(
      (await server.native.get("/sessions/whoami", { headers: steppedUp })).body.authenticator_assurance_level,
      "aal2",
    );

    const gone = await submit(
      server,
      await begin(server, "settings", steppedUp),
      { method: "totp", totp_unlink: true },
      steppedUp,
    );
    assert.equal(gone.status, 200);
    assert.equal(
      (await server.native.get("/sessions/whoami", { headers: await signInNatively(server, person.email) })).status,
      200,
    );
  },
  { config },
);

onEachDatabase(
  "of 64 right codes at once one passes, and none after it",
  async (server) => {
    const person = await signedIn(server);
    const secret = await enrol(server, person);
    server.advance(half);
    const add = async (totp_code: string, times = 1) => {
      const headers = await signInNatively(server, person.email);
      const flow = await begin(server, "login", headers, "?aal=aal2");
      return atOnce(times, () => submit(server, flow, { method: "totp", totp_code }, headers));
    };
    const answers = await add(codeOf(server, secret), 64);
    assert.equal(answers.filter(({ status }) => status === 200).length, 1);

    // Used codes are wrong ones, so that it takes some time until others are looked at.
    server.advance(20 * half);
    const totp_code = codeOf(server, secret);
    assert.equal((await add(totp_code))[0]!.status, 200);
    assert.deepEqual(messageIds((await add(totp_code))[0]!.body), [4009008], "used already");
    server.advance(2 * half);
    assert.deepEqual(messageIds((await add(totp_code))[0]!.body), [4000008], "and over");
  },
  { config },
);

onEachDatabase(
  "the code that set an app up signs in as well, once",
  async (server) => {
    const { headers, email } = await signedIn(server);
    const settings = await begin(server, "settings", headers);
    const totp_code = codeOf(server, nodeOf(settings, "totp_secret_key").attributes.text.context.secret);
    assert.equal((await submit(server, settings, { method: "totp", totp_code }, headers)).status, 200);
    const tries = await atOnce(2, async () => {
      const own = await signInNatively(server, email);
      return submit(server, await begin(server, "login", own, "?aal=aal2"), { method: "totp", totp_code }, own);
    });
    assert.deepEqual(tries.map(({ status }) => status).toSorted(), [200, 400]);
    assert.deepEqual(messageIds(tries.find(({ status }) => status === 400)!.body), [4009008]);
  },
  { config },
);

onTwoServers(
  "of 64 right codes at once, at two servers over one database, one passes",
  async (one, other) => {
    const person = await signedIn(one);
    const secret = await enrol(one, person);
    for (const server of [one, other]) server.advance(half);
    const headers = await signInNatively(one, person.email);
    const flows = await Promise.all([one, other].map((server) => begin(server, "login", headers, "?aal=aal2")));
    const totp_code = codeOf(one, secret);
    const answers = await atOnce(64, (index) =>
      submit([one, other][index % 2]!, flows[index % 2], { method: "totp", totp_code }, headers),
    );
    assert.equal(answers.filter(({ status }) => status === 200).length, 1);
  },
  { config },
);

onEachDatabase(
  "guessing is stopped across flows, and told when it may go on",
  async (server) => {
    const person = await signedIn(server);
    const secret = await enrol(server, person);
    server.advance(half);
    const headers = await signInNatively(server, person.email);
    const statuses: number[] = [];
    for (let round = 0; round < 6; round++) {
      const flow = await begin(server, "login", headers, "?aal=aal2");
      statuses.push((await submit(server, flow, { method: "totp", totp_code: "111111" }, headers)).status);
    }
    assert.deepEqual(statuses, [400, 400, 400, 400, 400, 429]);
    const flow = await begin(server, "login", headers, "?aal=aal2");
    const right = { method: "totp", totp_code: codeOf(server, secret) };
    const told = await submit(server, flow, right, headers);
    assert.equal(told.status, 429, "a right code is not looked at either");
    assert.equal(told.headers.get("retry-after"), "144");
    server.advance(5 * half);
    assert.equal(
      (await submit(server, flow, { method: "totp", totp_code: codeOf(server, secret) }, headers)).status,
      200,
    );
  },
  { config },
);

onEachDatabase(
  "a session tells after each step what it rests on, and since when",
  async (server) => {
    const person = await signedIn(server);
    let { headers } = person;
    const facts = async () => {
      const { body } = await server.native.get("/sessions/whoami", { headers });
      const methods = body.authentication_methods.map(
        ({ method, aal }: { method: string; aal: string }) => `${method}/${aal}`,
      );
      const ago = server.now().getTime() - Date.parse(body.authenticated_at);
      return [body.authenticator_assurance_level, methods, Math.round(ago / half)];
    };
    const confirm = async (query: string, body: object) => {
      const answer = await submit(server, await begin(server, "login", headers, query), body, headers);
      assert.equal(answer.status, 200, JSON.stringify(answer.body));
      assert.notEqual(answer.body.session_token, headers["x-session-token"]);
      headers = { "x-session-token": answer.body.session_token };
    };
    const byPassword = { method: "password", identifier: person.email, password };
    server.advance(half);
    assert.deepEqual(await facts(), ["aal1", ["password/aal1"], 1]);
    const secret = await enrol(server, person);
    assert.deepEqual(await facts(), ["aal2", ["password/aal1", "totp/aal2"], 0]);
    server.advance(half);
    assert.deepEqual(await facts(), ["aal2", ["password/aal1", "totp/aal2"], 1]);
    await confirm("?refresh=true", byPassword);
    assert.deepEqual(await facts(), ["aal2", ["password/aal1", "totp/aal2", "password/aal1"], 0]);
    server.advance(half);
    await confirm("?refresh=true&aal=aal2", { method: "totp", totp_code: codeOf(server, secret) });
    assert.deepEqual(await facts(), ["aal2", ["password/aal1", "totp/aal2", "password/aal1", "totp/aal2"], 0]);
    const none = await server.native.get("/self-service/login/api?aal=aal2", { headers });
    assert.equal(none.body.error.id, "session_already_available");
    assert.equal((await server.native.get("/self-service/login/api?aal=aal2")).body.error.id, "session_aal1_required");
  },
  { config },
);

onEachDatabase(
  "an hour allows thirty tries, however they are spread",
  async (server) => {
    const person = await signedIn(server);
    await enrol(server, person);
    const headers = await signInNatively(server, person.email);
    const flow = await begin(server, "login", headers, "?aal=aal2");
    let looked = 0;
    for (let minutes = 0; minutes < 59; minutes++) {
      const { status } = await submit(server, flow, { method: "totp", totp_code: "111111" }, headers);
      looked += Number(status === 400);
      server.advance(2 * half);
    }
    assert.ok(looked >= 28 && looked <= 30, `${looked} were looked at`);
  },
  { config },
);

test("a single-page app is led on to the second factor, and then to where it wanted", async (t) => {
  const server = await startServer(t, { config });
  const person = await signedIn(server);
  const secret = await enrol(server, person);
  server.advance(half);
  const app = server.spa();
  const back = "?return_to=http%3A%2F%2Fapp.example.org%2Fdeep";
  const first = await submitIn(app, "login", { method: "password", identifier: person.email, password }, back);
  assert.equal(first.status, 422);
  assert.match(
    first.body.redirect_browser_to,
    /login\/browser\?aal=aal2&return_to=http%3A%2F%2Fapp\.example\.org%2Fdeep$/,
  );
  const second = await submitIn(
    app,
    "login",
    { method: "totp", totp_code: codeOf(server, secret) },
    `?aal=aal2&${back.slice(1)}`,
  );
  assert.equal(second.status, 200);
  assert.equal(second.body.continue_with[0].redirect_browser_to, "http://app.example.org/deep");
});

test("codes are those of RFC 6238, of the present step or the one before", () => {
  const key = (algorithm: string, length: number) => {
    const bytes = Buffer.from("1234567890".repeat(7)).subarray(0, length);
    const bits = [...bytes].map((byte) => byte.toString(2).padStart(8, "0")).join("");
    const letters = (bits.match(/.{1,5}/g) ?? []).map(
      (five) => "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"[Number.parseInt(five.padEnd(5, "0"), 2)],
    );
    return `otpauth://totp/a?secret=${letters.join("")}&algorithm=${algorithm}&digits=8&period=30`;
  };
  const vectors: [number, string, string, string][] = [
    [59, "94287082", "46119246", "90693936"],
    [1111111109, "07081804", "68084774", "25091201"],
    [1111111111, "14050471", "67062674", "99943326"],
    [1234567890, "89005924", "91819424", "93441116"],
    [2000000000, "69279037", "90698825", "38618901"],
    [20000000000, "65353130", "77737706", "47863826"],
  ];
  for (const [seconds, sha1, sha256, sha512] of vectors)
    for (const [algorithm, length, code] of [
      ["SHA1", 20, sha1],
      ["SHA256", 32, sha256],
      ["SHA512", 64, sha512],
    ] as const) {
      const step = Math.floor(seconds / 30);
      const at = (offset: number, last?: number) =>
        stepOf(key(algorithm, length), code, new Date((seconds + offset) * 1000), last);
      assert.equal(at(0), step, `${algorithm} at ${seconds}`);
      assert.equal(at(30), step, "a step late");
      assert.equal(at(60), undefined, "two steps late");
      assert.equal(at(-30), undefined, "a step early");
      assert.equal(at(0, step), undefined, "used before");
      assert.equal(at(0, step + 1), undefined, "after a later one was used");
    }
});

test("names that are longer than apps show are cut, so that the picture can hold the key", async (t) => {
  const nick = { type: "string", "ory.sh/kratos": { credentials: { totp: { account_name: true } } } };
  const traits = {
    ...personSchema.properties.traits,
    properties: { ...personSchema.properties.traits.properties, nick },
  };
  const schemas = [{ id: "person", url: encoded({ ...personSchema, properties: { traits } }) }];
  for (const name of ["x".repeat(3_000), "\u{1f600}".repeat(1_000), "%".repeat(3_000), "a:b"]) {
    const methods = { totp: { enabled: true, config: { issuer: name } } };
    const server = await startServer(t, {
      config: { identity: { default_schema_id: "person", schemas }, selfservice: { methods } },
    });
    const { status } = await server.admin("POST", "/admin/identities", {
      json: {
        schema_id: "person",
        traits: { email: "pat@example.org", nick: name },
        credentials: { password: { config: { password } } },
      },
    });
    assert.equal(status, 201);
    const headers = await signInNatively(server, "pat@example.org");
    await enrol(server, { id: "", email: "pat@example.org", headers });
  }
});
