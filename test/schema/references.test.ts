import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import type { TestContext } from "node:test";
import { pathToFileURL } from "node:url";
import { faultsOfSchemas } from "../../src/schema/schemas.ts";
import { configOf, encoded } from "../support/config.ts";
import { startServer } from "../support/server.ts";

const name = { type: "string", minLength: 2, title: "Name" };
const email = { type: "string", format: "email", "ory.sh/kratos": { credentials: { password: { identifier: true } } } };

/** Documents of a folder of this test's own, by their names. */
function folderOf(t: TestContext, documents: Readonly<Record<string, object>>): string {
  const folder = mkdtempSync(join(tmpdir(), "ostiary-schemas-"));
  t.after(() => rmSync(folder, { recursive: true }));
  mkdirSync(join(folder, "parts"));
  for (const [file, document] of Object.entries(documents)) writeFileSync(join(folder, file), JSON.stringify(document));
  return pathToFileURL(`${folder}/`).href;
}

const person = (traits: object, more: object = {}) => ({
  ...more,
  properties: { traits: { type: "object", properties: { email, ...traits } } },
});
const withSchema = (url: string, security: object = {}) => ({
  security,
  identity: { default_schema_id: "person", schemas: [{ id: "person", url }] },
});
const traitsOf = (body: { ui: { nodes: { attributes: { name: string } }[] } }) =>
  body.ui.nodes.map(({ attributes }) => attributes.name).filter((each) => each.startsWith("traits."));

test("a schema may refer to others, and these to yet others", async (t) => {
  const web = createServer((_request, response) =>
    response.end(JSON.stringify({ type: "object", properties: { city: { type: "string", title: "City" } } })),
  );
  t.after(() => web.close());
  await new Promise<void>((done) => void web.listen(0, "127.0.0.1", done));
  const home = `http://127.0.0.1:${(web.address() as AddressInfo).port}/home.json`;
  const folder = folderOf(t, {
    "person.json": person({
      name: { $ref: "parts/names.json#/definitions/both" },
      badge: { $ref: encoded({ type: "integer" }) },
      home: { $ref: home },
    }),
    "parts/names.json": {
      definitions: {
        both: { type: "object", properties: { first: { $ref: "#/definitions/name" }, last: { $ref: "name.json#" } } },
        name,
      },
    },
    "parts/name.json": { $id: "https://example.org/name.json", ...name },
  });
  const { native, adminClient } = await startServer(t, { config: withSchema(`${folder}person.json`) });

  const { body } = await native.get("/self-service/registration/api");
  assert.deepEqual(traitsOf(body), [
    "traits.email",
    "traits.name.first",
    "traits.name.last",
    "traits.badge",
    "traits.home.city",
  ]);
  const create = (traits: object) =>
    adminClient.post("/admin/identities", { schema_id: "person", traits: { email: "ada@example.org", ...traits } });
  assert.match((await create({ name: { first: "Ada", last: "L" } })).body.error.reason, /name\.last/);
  assert.match((await create({ home: { city: 5 } })).body.error.reason, /home\.city/);
  assert.equal(
    (await create({ name: { first: "Ada", last: "Lovelace" }, badge: 7, home: { city: "London" } })).status,
    201,
  );
});

test("limits hold across documents", async (t) => {
  const folder = folderOf(t, {
    "circle.json": person(
      { name: { $ref: "parts/other.json" } },
      { definitions: { back: { anyOf: [{ $ref: "parts/other.json" }] } } },
    ),
    "parts/other.json": { allOf: [{ $ref: "../circle.json#/definitions/back" }] },
    "doubling.json": person({ tree: { $ref: "parts/tree.json" } }),
    "parts/tree.json": { allOf: [{ properties: { c: { $ref: "#" } } }, { properties: { c: { $ref: "tree.json" } } }] },
    "many.json": person(
      Object.fromEntries(Array.from({ length: 40 }, (_, at) => [`n${at}`, { $ref: encoded({ title: `${at}` }) }])),
    ),
    "deep.json": person({ name: { $ref: "parts/deep.json" } }),
    "lost.json": person({ name: { $ref: "parts/lost.json" } }),
    "pointless.json": person({ name: { $ref: "parts/other.json#/definitions/none" } }),
  });
  writeFileSync(new URL("parts/deep.json", folder), `${"[".repeat(400_000)}${"]".repeat(400_000)}`);
  for (const [file, why] of [
    ["circle.json", /in a circle/],
    ["doubling.json", /more than 8192 steps/],
    ["many.json", /more than 31 other documents/],
    ["deep.json", /nested more than 32 deep/],
    ["lost.json", /parts\/lost\.json cannot be read/],
    ["pointless.json", /cannot be compiled|circle/],
  ] as const)
    await assert.rejects(startServer(t, { config: withSchema(`${folder}${file}`) }), why, file);
});

test("a schema of another server has no file of this machine read", async (t) => {
  const folder = folderOf(t, { "parts/name.json": name });
  const held = encoded({ $ref: `${folder}parts/name.json` });
  const schemas: Readonly<Record<string, object>> = {
    "/plain": { $ref: `${folder}parts/name.json` },
    "/held": { $ref: held },
    "/near": { $id: folder, $ref: "parts/name.json" },
    "/none": {},
  };
  const web = createServer((request, response) => {
    const { $id, ...inner } = schemas[request.url!] as { $id?: string };
    response.end(JSON.stringify(person({ name: inner }, $id ? { $id } : {})));
  });
  t.after(() => web.close());
  await new Promise<void>((done) => void web.listen(0, "127.0.0.1", done));
  const faultsAt = async (path: string) => {
    const config = configOf({
      dsn: "memory",
      ...withSchema(`http://127.0.0.1:${(web.address() as AddressInfo).port}${path}`),
    });
    return (await faultsOfSchemas({ config })).map(({ sentence }) => sentence);
  };
  for (const path of ["/plain", "/held", "/near"])
    assert.match((await faultsAt(path)).join(), /another server refers to the file/, path);
  assert.deepEqual(await faultsAt("/none"), []);
});

test("references to other documents can be forbidden, but for those that are held in them", async (t) => {
  const folder = folderOf(t, {
    "person.json": person({ name: { $ref: "parts/name.json" } }),
    "parts/name.json": name,
    "held.json": person({ name: { $ref: encoded(name) } }),
  });
  const security = { disallow_ref_in_identity_schemas: true };
  await assert.rejects(
    startServer(t, { config: withSchema(`${folder}person.json`, security) }),
    /disallow_ref_in_identity_schemas forbids/,
  );
  const { native } = await startServer(t, { config: withSchema(`${folder}held.json`, security) });
  assert.deepEqual(traitsOf((await native.get("/self-service/registration/api")).body), [
    "traits.email",
    "traits.name",
  ]);
});
