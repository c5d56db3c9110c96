import assert from "node:assert/strict";
import { test } from "node:test";
import { setTimeout } from "node:timers/promises";
import fc from "fast-check";
import { create } from "@bufbuild/protobuf";
import { contract } from "../support/contract.ts";
import { doors } from "../support/doors.ts";
import { random } from "../support/property.ts";
import { randomMessage } from "../support/random-message.ts";
import { startServer } from "../support/server.ts";
import type { TestServer } from "../support/server.ts";
import { ofTenants } from "../support/tenancy.ts";
import { makePerson, makeTenant, signIn } from "./world.ts";
import type { TenantWorld } from "./world.ts";
import { runSql } from "../support/run-sql.ts";

const password = "correct-horse-battery-9";
const config = {
  courier: { smtp: { connection_uri: "smtp://127.0.0.1:1/?disable_starttls=true" } },
  selfservice: {
    methods: { code: { enabled: true }, totp: { enabled: true } },
    flows: { recovery: { enabled: true }, verification: { enabled: true } },
  },
};

/** Somebody who is signed in, and a flow of each kind; all ids that a tenant has. */
async function furnish(tenant: TenantWorld, email: string) {
  const { id } = await makePerson(tenant, email, password);
  const { session, session_token: token } = await signIn(tenant, email, password);
  const flows: string[] = [];
  for (const kind of ["login", "registration", "recovery", "verification"])
    flows.push((await tenant.get(`/self-service/${kind}/api`)).body.id);
  flows.push((await tenant.get("/self-service/settings/api", { headers: { "x-session-token": token } })).body.id);
  return { email, id, token, session: session.id, flows };
}

/** What a tenant's own rows are, as text. */
async function rowsIn({ app }: TestServer, tenantId: string): Promise<string> {
  const tables = await Promise.all(
    ofTenants.map((table) => runSql(app.db, `select * from ${table} where nid = '${tenantId}'`)),
  );
  return JSON.stringify(tables);
}

/** The same, once it is written when somebody has signed in, and counted how often: both are written behind, each second. */
async function settledRows(server: TestServer, tenantId: string): Promise<string> {
  let rows = await rowsIn(server, tenantId);
  for (let quiet = 0; quiet < 3;) {
    await setTimeout(700);
    const now = await rowsIn(server, tenantId);
    quiet = now === rows ? quiet + 1 : 0;
    rows = now;
  }
  return rows;
}

test("whatever is asked of one tenant, by any protocol, shows and changes nothing of another", async (t) => {
  const server = await startServer(t, { config });
  const [acme, globex] = [await makeTenant(server, "acme"), await makeTenant(server, "globex")];
  const own = await furnish(acme, "pat@acme.example");
  const foreign = await furnish(globex, "pat@globex.example");
  const before = await settledRows(server, globex.id);
  const secrets = [foreign.email, foreign.id, foreign.session, foreign.token, ...foreign.flows];
  const references = [own, foreign].flatMap(({ id, session, flows }) => [id, session, ...flows]);
  const words: Record<string, readonly unknown[]> = {
    ...Object.fromEntries(["id", "flow", "identities", "sessions", "ids"].map((name) => [name, references])),
    ...Object.fromEntries(
      ["identifier", "email", "credentials_identifier", "recovery_address", "recipient"].map((name) => [
        name,
        [own.email, foreign.email],
      ]),
    ),
    password: [password],
    session_token: [own.token, foreign.token],
    schema_id: ["person"],
    expand: ["identity", "devices"],
    include_credential: ["password", "totp"],
    path: ["/traits/email", "/state"],
    op: ["replace", "remove"],
  };
  const calls = (["public", "admin"] as const).flatMap((port) => contract[port].map((method) => ({ port, method })));
  const call = fc.constantFrom(...calls).chain(({ port, method }) =>
    fc.record({
      port: fc.constant(port),
      method: fc.constant(method),
      tree: randomMessage(method.input, (field) => words[field] ?? []),
      door: fc.constantFrom("REST", "Connect, JSON", "gRPC", "gRPC-web"),
      token: fc.constantFrom(undefined, own.token, foreign.token),
    }),
  );
  await fc.assert(
    fc.asyncProperty(call, async ({ port, method, tree, door, token }) => {
      const headers = {
        "x-forwarded-host": acme.host,
        ...(port === "admin" && acme.named),
        ...(token && { "x-session-token": token }),
      };
      const outcome = await doors[door]!(port === "public" ? server.publicUrl : server.adminUrl)(
        method,
        create(method.input, tree as never),
        headers,
      );
      const sent = JSON.stringify(tree, (_, value: unknown) => (typeof value === "bigint" ? String(value) : value));
      const shown = JSON.stringify(outcome?.answer ?? null);
      // What was sent may come back, such as an address that one asks a code for.
      for (const secret of secrets)
        if (!sent.includes(secret)) assert.ok(!shown.includes(secret), `${method.name} by ${door} shows ${secret}`);
    }),
    random(300),
  );
  assert.equal(await rowsIn(server, globex.id), before, "not a row of the other tenant has changed");
  assert.ok((await globex.get("/sessions/whoami", { headers: { "x-session-token": foreign.token } })).status === 200);
});
