import assert from "node:assert/strict";
import { test } from "node:test";
import type { DescField, DescMessage } from "@bufbuild/protobuf";
import { getOption, hasOption } from "@bufbuild/protobuf";
import { http } from "#gen/google/api/annotations_pb.js";
import { method as methodOption } from "#gen/ostiary/rest/v1/rest_pb.js";
import { discriminatorOf, shapeOf } from "../../src/rest/shape.ts";
import type { Answer, Json } from "../support/client.ts";
import { encoded, personSchema } from "../support/config.ts";
import { contract } from "../support/contract.ts";
import { collectingLog } from "../support/log.ts";
import { begin, signedIn } from "../support/person.ts";
import { startServer } from "../support/server.ts";

const kinds = ["login", "registration", "settings", "recovery", "verification"];

/** The names that a submission of a kind may have: those of every method, and that of the method itself. */
function namesOf(kind: string): string[] {
  const update = contract.public.find(
    (method) =>
      hasOption(method, methodOption) &&
      getOption(method, methodOption).form &&
      method.name.toLowerCase() === `update${kind}flow`,
  )!;
  const { body } = getOption(update, http);
  const { message } = update.input.fields.find(({ name }) => name === body)!;
  const arms = message!.oneofs
    .filter(discriminatorOf)
    .flatMap(({ fields }) => fields.map(({ message: arm }) => arm as DescMessage));
  const fields = [message!, ...arms]
    .flatMap(({ fields: all }): readonly DescField[] => all)
    .filter(({ oneof }) => !oneof);
  return [...new Set(["method", ...fields.map((field) => shapeOf(field).name)])];
}

const assertTold = ({ status, body }: Answer, what: string) => {
  assert.ok(status >= 200 && status < 500, `${what}: ${status} ${JSON.stringify(body)}`);
  assert.doesNotMatch(JSON.stringify(body), /TypeError|Cannot |undefined|is not a function|prototype/, what);
};

test("a group where a value is expected is told as a complaint, in every field of every form", async (t) => {
  const methods = {
    code: { enabled: true },
    link: { enabled: true },
    totp: { enabled: true },
    lookup_secret: { enabled: true },
  };
  const { log, events } = collectingLog();
  const server = await startServer(t, {
    log,
    config: {
      courier: { smtp: { connection_uri: "smtp://127.0.0.1:1/?disable_starttls=true" } },
      selfservice: { methods, flows: { recovery: { enabled: true }, verification: { enabled: true } } },
    },
  });
  const { headers } = await signedIn(server);
  for (const kind of kinds)
    for (const name of namesOf(kind)) {
      const own = kind === "settings" ? headers : {};
      for (const form of [
        { [`${name}.x`]: "1" },
        { [`${name}.__proto__.x`]: "1" },
        { [`${name}.toString`]: "1" },
        { [`${name}.0`]: "1", [`${name}.1`]: "2" },
      ]) {
        const { ui } = await begin(server, kind, own);
        assertTold(
          await server.public("POST", ui.action, { form: { method: "password", ...form }, headers: own }),
          `${kind}, form ${JSON.stringify(form)}`,
        );
      }
      for (const value of [{ x: 1 }, { toString: 1, valueOf: 1 }, [[1], { x: 1 }], [{}]]) {
        const { ui } = await begin(server, kind, own);
        assertTold(
          await server.public("POST", ui.action, { json: { method: "password", [name]: value }, headers: own }),
          `${kind}, ${name}: ${JSON.stringify(value)}`,
        );
      }
    }
  assert.deepEqual(events, []);
});

const spots = { type: "object", properties: { x: { type: "number" } } };
const comparing = {
  ...personSchema,
  properties: {
    traits: {
      type: "object",
      properties: {
        email: personSchema.properties.traits.properties.email,
        unique: { type: "array", uniqueItems: true },
        one: { const: { x: 1 } },
        some: { enum: [{ valueOf: 1 }, { x: [1] }] as object[] },
        spots: { type: "array", uniqueItems: true, items: spots },
      },
      required: ["email"],
    },
  },
};

test("values that are compared may name their members as programs do", async (t) => {
  const { log, events } = collectingLog();
  const server = await startServer(t, {
    log,
    config: { identity: { schemas: [{ id: "person", url: encoded(comparing) }] } },
  });
  const make = (traits: Json) => server.adminClient.post("/admin/identities", { schema_id: "person", traits });
  for (const name of ["valueOf", "toString", "constructor", "__proto__", "hasOwnProperty", "x"]) {
    const object = () => JSON.parse(`{${JSON.stringify(name)}: 1}`) as Json;
    const traits = { email: `${name.toLowerCase()}@example.org` };
    assert.equal((await make({ ...traits, unique: [object(), object()] })).status, 400, `two of ${name}`);
    assert.equal(
      (await make({ ...traits, unique: [object(), { [name === "x" ? "y" : "x"]: 1 }] })).status,
      201,
      `one of ${name}`,
    );
    assert.equal((await make({ ...traits, one: object() })).status, name === "x" ? 409 : 400, `const against ${name}`);
    assert.equal(
      (await make({ ...traits, some: object() })).status,
      name === "valueOf" ? 409 : 400,
      `enum against ${name}`,
    );
  }
  assert.equal(
    (
      await make({
        email: "order@example.org",
        unique: [
          { a: 1, b: [2] },
          { b: [2], a: 1 },
        ],
      })
    ).status,
    400,
    "the order of members does not count",
  );
  assert.equal(
    (await make({ email: "types@example.org", unique: [1, "1", true, "true", null, "null", [1], ["1"], {}, []] }))
      .status,
    201,
  );
  const { body: flow } = await server.native.get("/self-service/registration/api");
  const form = new URLSearchParams([
    ["method", "password"],
    ["password", "correct-horse-battery-9"],
    ["traits.email", "f@example.org"],
    ["traits.spots.0.x", "1"],
    ["traits.spots.1.x", "1"],
  ]);
  assertTold(await server.public("POST", flow.ui.action, { form }), "two alike in a form");
  assert.deepEqual(events, []);
});
