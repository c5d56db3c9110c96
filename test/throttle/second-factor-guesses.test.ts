import assert from "node:assert/strict";
import { test } from "node:test";
import { generateSync } from "otplib";
import type { Database } from "../../src/db/connection.ts";
import { endFactorFailures } from "../../src/identity/factors.ts";
import { lookupGuesses } from "../../src/identity/kinds/lookup-secret.ts";
import { totpGuesses } from "../../src/identity/kinds/totp.ts";
import { forgetFactorGuesses, judgeFactor } from "../../src/throttle/second-factor-guess.ts";
import type { GuessableFactor } from "../../src/throttle/second-factor-guess.ts";
import { configOf } from "../support/config.ts";
import { courierContext } from "../support/courier-context.ts";
import { eachDatabase } from "../support/databases.ts";
import { codeIn, mailTo } from "../support/mailbox.ts";
import { atOnce, begin, nodeOf, signedIn, signInNatively, submit } from "../support/person.ts";
import { startServer } from "../support/server.ts";
import type { TestServer } from "../support/server.ts";

const config = configOf({ dsn: "memory" });
const [second, minute, hour, day] = [1000, 60_000, 3_600_000, 86_400_000];

/** Guesses at the second factor of one account, and when they were looked at. */
class Attack {
  readonly #db: Database;
  readonly factor: GuessableFactor;
  readonly looked: number[] = [];
  ahead = 0;

  constructor(db: Database, factor: GuessableFactor) {
    this.#db = db;
    this.factor = factor;
  }

  context() {
    return courierContext(this.#db, config, {}, () => new Date(1_800_000_000_000 + this.ahead));
  }

  guess(right = false) {
    return judgeFactor(this.context(), this.factor, "ada", async () => {
      this.looked.push(this.ahead);
      return right;
    });
  }

  /** Guesses again and again for a time. */
  async keepOn(forMs: number, everyMs: number): Promise<void> {
    for (const end = this.ahead + forMs; this.ahead < end; this.ahead += everyMs) await this.guess();
  }

  /** How many were looked at within a time at most, wherever it begins. */
  most(withinMs: number): number {
    return Math.max(
      ...this.looked.map((from) => this.looked.filter((at) => at >= from && at < from + withinMs).length),
    );
  }
}

eachDatabase("an authenticator app has 5 guesses in any 30 s, 30 in any hour and 100 in a row", async (db) => {
  const attack = new Attack(db, totpGuesses);
  await attack.keepOn(4 * minute, 2 * second);
  await attack.keepOn(hour, 12 * second);
  assert.deepEqual([attack.most(30 * second), attack.most(hour)], [5, 29]);
  await attack.keepOn(4 * hour, 144 * second);
  assert.equal(attack.looked.length, 100);
  await attack.keepOn(60 * day, day);
  assert.deepEqual(await attack.guess(true), { waitMs: hour });
  assert.equal(attack.looked.length, 100, "no time begins the row anew");
});

eachDatabase("backup codes have 10 guesses in any hour and 100 in a row", async (db) => {
  const attack = new Attack(db, lookupGuesses);
  await attack.keepOn(3 * hour, minute);
  assert.equal(attack.most(hour), 9);
  await attack.keepOn(20 * hour, 12 * minute);
  assert.equal(attack.looked.length, 100);
  assert.deepEqual(await attack.guess(true), { waitMs: hour });
});

eachDatabase("of 64 guesses at once none is looked at beyond the limit", async (db) => {
  for (const factor of [totpGuesses, lookupGuesses]) {
    const attack = new Attack(db, factor);
    await atOnce(64, () => attack.guess());
    assert.equal(attack.looked.length, 5);
  }
});

eachDatabase("another second factor ends the row but not the hour; a new one begins without a past", async (db) => {
  const attack = new Attack(db, totpGuesses);
  await attack.keepOn(5 * hour, 144 * second);
  assert.equal(attack.looked.length, 100);
  const ctx = attack.context();
  await endFactorFailures(ctx, "ada");
  assert.deepEqual(await attack.guess(true), { right: true });
  await atOnce(64, () => attack.guess());
  assert.equal(attack.looked.length, 106);
  await forgetFactorGuesses(ctx, totpGuesses, "ada");
  await atOnce(64, () => attack.guess());
  assert.equal(attack.looked.length, 111);
});

const settings = {
  courier: { smtp: { connection_uri: "smtp://127.0.0.1:1/?disable_starttls=true" } },
  selfservice: {
    methods: { totp: { enabled: true }, lookup_secret: { enabled: true }, code: { enabled: true } },
    flows: { recovery: { enabled: true, ui_url: "http://app.example.org/recovery" } },
  },
};

/** An account that has both second factors. */
async function equipped(server: TestServer) {
  const person = await signedIn(server);
  const flow = await begin(server, "settings", person.headers);
  const { secret } = nodeOf(flow, "totp_secret_key").attributes.text.context;
  const now = () => generateSync({ secret, epoch: Math.floor(server.now().getTime() / 1000) });
  await submit(server, flow, { method: "totp", totp_code: now() }, person.headers);
  const made = await submit(
    server,
    await begin(server, "settings", person.headers),
    { method: "lookup_secret", lookup_secret_regenerate: true },
    person.headers,
  );
  const done = await submit(
    server,
    made.body,
    { method: "lookup_secret", lookup_secret_confirm: true },
    person.headers,
  );
  assert.equal(done.status, 200);
  const codes: string[] = nodeOf(made.body, "lookup_secret_codes").attributes.text.context.secrets.map(
    ({ context }: { context: { secret: string } }) => context.secret,
  );
  return { person, codes, now };
}

/** Submits a second factor; tells the status. */
async function add(server: TestServer, headers: Record<string, string>, body: object): Promise<number> {
  return (await submit(server, await begin(server, "login", headers, "?aal=aal2"), body, headers)).status;
}

test("an authenticator app that was guessed at a hundred times is lifted by a backup code or an administrator, by no mail", async (t) => {
  const server = await startServer(t, { config: settings });
  const { person, codes, now } = await equipped(server);
  const lock = async () => {
    const headers = await signInNatively(server, person.email);
    for (let guesses = 0; guesses < 100; guesses++, server.advance(150 * second))
      assert.equal(await add(server, headers, { method: "totp", totp_code: "111111" }), 400);
    server.advance(hour);
    assert.equal(await add(server, await signInNatively(server, person.email), byApp()), 429);
  };
  const byApp = () => ({ method: "totp", totp_code: now() });
  await lock();

  const { body: flow } = await server.native.get("/self-service/recovery/api");
  await server.native.post(flow.ui.action, { method: "code", email: person.email });
  const mailed = await server.native.post(flow.ui.action, {
    method: "code",
    code: codeIn(await mailTo(server, person.email)),
  });
  assert.equal(mailed.status, 422);
  const headers = await signInNatively(server, person.email);
  assert.equal(await add(server, headers, byApp()), 429);
  assert.equal(await add(server, headers, { method: "lookup_secret", lookup_secret: codes[0] }), 200);
  assert.equal(await add(server, await signInNatively(server, person.email), byApp()), 200);

  await lock();
  const { body: invitation } = await server.adminClient.post("/admin/recovery/code", {
    identity_id: person.id,
    flow_type: "api",
  });
  const id = new URL(invitation.recovery_link).searchParams.get("flow");
  await server.native.post(`/self-service/recovery?flow=${id}`, { method: "code", code: invitation.recovery_code });
  assert.equal(await add(server, await signInNatively(server, person.email), byApp()), 200);

  await lock();
  const secret = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP";
  const credentials = { totp: { config: { totp_url: `otpauth://totp/pat?secret=${secret}` } } };
  await server.admin("PUT", `/admin/identities/${person.id}`, {
    json: { schema_id: "person", traits: { email: person.email }, state: "active", credentials },
  });
  const renewed = generateSync({ secret, epoch: Math.floor(server.now().getTime() / 1000) });
  assert.equal(
    await add(server, await signInNatively(server, person.email), { method: "totp", totp_code: renewed }),
    200,
  );
});
