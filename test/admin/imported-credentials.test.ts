import assert from "node:assert/strict";
import { generateSync } from "otplib";
import type { Answer, Json } from "../support/client.ts";
import { passwordHashes } from "../support/password-hashes.ts";
import { begin, submit } from "../support/person.ts";
import type { TestServer } from "../support/server.ts";
import { onEachDatabase } from "../support/servers.ts";
import { signInBy, withProvider } from "../support/social.ts";
import { runSql } from "../support/run-sql.ts";

const password = "correct horse battery";
const secret = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP";

/** One hash of each format: what stands before the second dollar, or in braces. */
const formats = new Map(passwordHashes.map((entry) => [/^(?:\$[^$]+|\{[^}]+\})/.exec(entry[1])![0], entry] as const));

async function bring(server: TestServer, people: readonly object[]): Promise<Json[]> {
  const json = { identities: people.map((one) => ({ create: { schema_id: "person", ...one } })) };
  const { status, body } = await server.admin("PATCH", "/admin/identities", { json });
  assert.equal(status, 200, JSON.stringify(body));
  return body.identities;
}

async function signIn(server: TestServer, identifier: string, typed: string): Promise<Answer> {
  const flow = await begin(server, "login", {});
  return submit(server, flow, { method: "password", identifier, password: typed }, {});
}

onEachDatabase(
  "whoever was brought along with a hash of any format signs in by the password that it is of",
  async (server) => {
    const people = [...formats.values()].map(([typed, hash], number) => ({
      email: `p${number}@example.org`,
      typed,
      hash,
    }));
    const made = await bring(
      server,
      people.map(({ email, hash }) => ({
        traits: { email },
        credentials: { password: { config: { hashed_password: hash } } },
      })),
    );
    assert.deepEqual(
      made.map(({ action }) => action),
      people.map(() => "create"),
      JSON.stringify(made),
    );
    for (const { email, typed, hash } of people) {
      assert.equal((await signIn(server, email, `${typed}x`)).status, 400, hash);
      assert.equal((await signIn(server, email, typed)).status, 200, hash);
    }
    const kept = await runSql(server.app.db, "select config from identity_credentials where type = 'password'");
    assert.equal(kept.length, people.length);
    for (const { config } of kept)
      assert.match(
        JSON.stringify(config),
        /\$argon2id\$v=19\$m=1024,t=1,p=1\$/,
        "who signs in has a hash by today's costs",
      );
  },
);

const social = { methods: { totp: { enabled: true }, lookup_secret: { enabled: true } } };

withProvider(
  "what was brought along beside a password, or in place of one, serves from then on",
  async ({ server, openid }) => {
    const account = { provider: "acme", subject: "ada" };
    const made = await bring(server, [
      { traits: { email: "ada@example.org" }, credentials: { oidc: { config: { providers: [account] } } } },
      {
        traits: { email: "bob@example.org" },
        credentials: {
          password: { config: { password } },
          totp: { config: { totp_url: `otpauth://totp/Elsewhere:bob?secret=${secret}&issuer=Elsewhere` } },
          lookup_secret: {
            config: { codes: [{ code: "backup-one" }, { code: "backup-two", used_at: "2024-01-02T03:04:05Z" }] },
          },
          saml: { config: { providers: [{ provider: "corp", subject: "bob" }] } },
        },
      },
      { traits: { email: "eve@example.org" }, credentials: { oidc: { config: { providers: [account] } } } },
      {
        traits: { email: "gus@example.org" },
        credentials: { password: { config: { use_password_migration_hook: true } } },
      },
    ]);
    assert.deepEqual(
      made.map(({ action, error }) => error?.code ?? action),
      ["create", "create", 409, "create"],
      JSON.stringify(made),
    );
    const code = { schema_id: "person", traits: { email: "fay@example.org" }, credentials: { code: { config: {} } } };
    const refused = await server.adminClient.post("/admin/identities", code);
    assert.equal(refused.status, 400, "codes need nothing but an address");
    assert.match(refused.body.error.message, /credentials\.code/);
    const [ada, bob] = made.map(({ identity }) => identity);

    const app = server.spa();
    assert.equal((await signInBy(openid, app, { subject: "ada", claims: { email: "other@example.org" } })).status, 200);
    assert.equal((await app.get("/sessions/whoami", { accept: "application/json" })).body.identity.id, ada);
    assert.equal((await signIn(server, "gus@example.org", password)).status, 400, "nobody is asked for a password yet");

    const { body } = await server.admin("GET", `/admin/identities/${bob}?include_credential=saml`);
    assert.deepEqual(body.credentials.saml.identifiers, ["corp:bob"]);
    const totp_code = generateSync({ secret, epoch: Math.floor(server.now().getTime() / 1000) });
    for (const [proof, status] of [
      [{ method: "totp", totp_code }, 200],
      [{ method: "totp", totp_code }, 400],
      [{ method: "lookup_secret", lookup_secret: "backup-two" }, 400],
      [{ method: "lookup_secret", lookup_secret: "backup-one" }, 200],
      [{ method: "lookup_secret", lookup_secret: "backup-one" }, 400],
    ] as const) {
      const { session_token: token } = (await signIn(server, "bob@example.org", password)).body;
      const headers = { "x-session-token": token };
      const answer = await submit(server, await begin(server, "login", headers, "?aal=aal2"), proof, headers);
      assert.equal(answer.status, status, JSON.stringify([proof, answer.body]));
      if (status === 200) assert.equal(answer.body.session.authenticator_assurance_level, "aal2");
    }
  },
  { config: { selfservice: social } },
);
