import { test } from "node:test";
import fc from "fast-check";
import { contract } from "../support/contract.ts";
import { begin, password, signedIn } from "../support/person.ts";
import { random } from "../support/property.ts";
import { randomMessage } from "../support/random-message.ts";
import { createWorlds, callAll } from "../support/worlds.ts";
import type { World } from "../support/worlds.ts";

/** Two people, one of them signed in, and a flow of each kind. */
async function furnish({ server, ids }: World): Promise<void> {
  const pat = await signedIn(server);
  const { id: sam } = await server.createPerson({ email: "sam@example.org", password });
  for (const kind of ["login", "registration", "recovery", "verification"])
    ids.set(`@${kind}`, (await begin(server, kind, {})).id);
  ids.set("@settings", (await begin(server, "settings", pat.headers)).id);
  ids.set("@session", (await server.adminClient.get(`/admin/identities/${pat.id}/sessions`)).body[0].id);
  ids.set("@pat", pat.id).set("@sam", sam).set("@token", pat.headers["x-session-token"]);
}

const references = ["@pat", "@sam", "@login", "@registration", "@recovery", "@verification", "@settings", "@session"];
const people = ["pat@example.org", "sam@example.org", "new@example.org", "PAT@example.org"];
const words: Record<string, readonly unknown[]> = {
  id: references,
  flow: references.slice(2),
  identities: references,
  sessions: references,
  identifier: people,
  email: people,
  credentials_identifier: people,
  password: [password, "short", "another-horse-battery-10"],
  session_token: ["@token"],
  schema_id: ["person"],
  identity_schema: ["person"],
  type: ["password", "totp", "lookup_secret", "oidc"],
  include_credential: ["password", "totp"],
  expand: ["identity", "devices"],
  aal: ["aal1", "aal2"],
  return_to: ["http://app.example.org/x", "http://evil.example/"],
  traits: people.map((email) => ({ email })),
  op: ["add", "replace", "remove", "test"],
  path: ["/traits/email", "/metadata_public", "/state", "/traits/name", "/id"],
  consistency: ["strong", "eventual"],
  page_size: [1, 2],
  csrf_token: [""],
};
const usual = (field: string) => words[field] ?? [];

for (const port of ["public", "admin"] as const)
  test(`every protocol of the ${port} port answers a call alike`, async (t) => {
    const worlds = await createWorlds(t);
    await Promise.all(worlds.map(furnish));
    const call = fc.constantFrom(...contract[port]).chain((method) =>
      fc.record({
        method: fc.constant(method),
        tree: randomMessage(method.input, usual),
        headers: fc.constantFrom<Record<string, string>>({}, { "x-session-token": "@token" }),
      }),
    );
    await fc.assert(
      fc.asyncProperty(call, async (one) => void (await callAll(worlds, port, one))),
      random(60),
    );
  });
