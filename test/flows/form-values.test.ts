import assert from "node:assert/strict";
import { test } from "node:test";
import { messageIds } from "../support/client.ts";
import type { Json } from "../support/client.ts";
import { encoded } from "../support/config.ts";
import { password } from "../support/person.ts";
import { onEachDatabase } from "../support/servers.ts";
import { startServer } from "../support/server.ts";
import type { TestServer } from "../support/server.ts";

const email = { type: "string", format: "email", "ory.sh/kratos": { credentials: { password: { identifier: true } } } };
const withTraits = (properties: object, more: object = {}, root: object = {}) => {
  const schema = {
    ...root,
    properties: { traits: { type: "object", properties: { email, ...properties }, required: ["email"], ...more } },
  };
  return { config: { identity: { default_schema_id: "person", schemas: [{ id: "person", url: encoded(schema) }] } } };
};

// An object with a member of that name is taken for a promise by whoever reads code.
const when = (condition: object, then: object, otherwise: object = {}) =>
  JSON.parse(
    `{"if": ${JSON.stringify(condition)}, "then": ${JSON.stringify(then)}, "else": ${JSON.stringify(otherwise)}}`,
  ) as object;

let people = 0;

/** Signs somebody up by a form of those fields, and tells the traits, or what the form says of which field. */
async function signUp({ native }: TestServer, fields: string): Promise<Json> {
  const { body: flow } = await native.get("/self-service/registration/api");
  const form = new URLSearchParams({ method: "password", password, "traits.email": `p${++people}@example.org` });
  for (const [name, value] of new URLSearchParams(fields)) form.append(`traits.${name}`, value);
  const { status, body } = await native.send("POST", flow.ui.action, { form });
  if (status === 200) {
    const { email: _, ...traits } = body.identity.traits;
    return traits;
  }
  const nodes = body.ui.nodes.filter(({ messages }: Json) => messages.length);
  return { status, ids: messageIds(body), at: nodes.map(({ attributes }: Json) => attributes.name) };
}

const nullable = {
  ni: { type: ["integer", "null"] },
  nb: { type: ["boolean", "null"] },
  nd: { type: ["string", "null"], format: "date" },
  tel: { type: ["string", "null"], format: "tel" },
  an: { anyOf: [{ type: "integer" }, { type: "null" }] },
  on: { oneOf: [{ type: "null" }, { $ref: "#/definitions/share" }] },
  au: { anyOf: [{ type: "string", format: "uri" }, { type: "null" }] },
  all: { allOf: [{ type: ["number", "null"] }, { minimum: 2 }] },
};

onEachDatabase(
  "a form's text is read by all that the schema says of it, and blanks are left out",
  async (server) => {
    for (const name of Object.keys(nullable)) assert.deepEqual(await signUp(server, `${name}=`), {}, name);
    assert.deepEqual(
      await signUp(
        server,
        "ni=4&nb=true&nd=2024-02-29&tel=%2B49 (0)151-1234 5678&an=4&on=0.5&au=https://example.org&all=2.5",
      ),
      {
        ...{
          ni: 4,
          nb: true,
          nd: "2024-02-29",
          tel: "+49 (0)151-1234 5678",
          an: 4,
          on: 0.5,
          au: "https://example.org",
          all: 2.5,
        },
      },
    );
    assert.deepEqual(await signUp(server, "an=x"), {
      status: 400,
      ids: [4000026, 4000026, 4000001],
      at: ["traits.an"],
    });
  },
  withTraits(nullable, {}, { definitions: { share: { type: "number", maximum: 1 } } }),
);

test("a required field that is left empty is missing, null where it may be, and no where it is a check box", async (t) => {
  const server = await startServer(
    t,
    withTraits(
      {
        count: { type: "integer" },
        either: { type: ["integer", "null"] },
        tos: { type: "boolean" },
        tags: { type: "array", items: { type: "string" } },
      },
      { required: ["email", "count", "either", "tos", "tags"] },
    ),
  );
  assert.deepEqual(await signUp(server, "count=&either=&tos=&tags="), {
    status: 400,
    ids: [4000002],
    at: ["traits.count"],
  });
  assert.deepEqual(await signUp(server, "count=0&either=&tos=&tags="), {
    count: 0,
    either: null,
    tos: false,
    tags: [],
  });
});

test("numbers are written as JSON writes them, and no larger than they can be kept", async (t) => {
  const server = await startServer(
    t,
    withTraits({ n: { type: "number" }, i: { type: "integer" }, list: { type: "array", items: { type: "number" } } }),
  );
  for (const text of [
    "1e999",
    "-1e999",
    "Infinity",
    "NaN",
    "0x1F",
    "1_000",
    "+4",
    ".5",
    "5.",
    "01",
    " 4",
    "4 ",
    "1,5",
    "١",
    "9007199254740993",
  ]) {
    for (const name of ["n", "i"])
      assert.deepEqual(
        await signUp(server, `${name}=${encodeURIComponent(text)}`),
        { status: 400, ids: [4000026], at: [`traits.${name}`] },
        text,
      );
    assert.equal((await signUp(server, `list=1&list=${encodeURIComponent(text)}`)).status, 400, text);
  }
  assert.deepEqual(await signUp(server, "n=-1.5e-3&i=1e3&list=1&list=0.5"), { n: -0.0015, i: 1000, list: [1, 0.5] });
  // JSON bodies have the same limits, by each way in.
  const raw = (traits: string) =>
    `{"method":"password","password":"${password}","traits":{"email":"json@example.org",${traits}}}`;
  const { body: flow } = await server.native.get("/self-service/registration/api");
  assert.equal((await server.native.send("POST", flow.ui.action, { raw: raw('"n":1e999') })).status, 400);
  for (const member of [
    '"traits":{"email":"x@example.org","n":1e999}',
    '"traits":{"email":"x@example.org"},"metadata_public":{"a":[-1e999]}',
  ])
    assert.equal(
      (await server.admin("POST", "/admin/identities", { raw: `{"schema_id":"person",${member}}` })).status,
      400,
      member,
    );
});

test("check boxes say yes and no in all of Go's spellings, and as pages do", async (t) => {
  const server = await startServer(t, withTraits({ tos: { type: "boolean" } }));
  for (const yes of ["1", "t", "T", "TRUE", "true", "True", "on"])
    assert.deepEqual(await signUp(server, `tos=${yes}`), { tos: true }, yes);
  for (const no of ["0", "f", "F", "FALSE", "false", "False"])
    assert.deepEqual(await signUp(server, `tos=${no}`), { tos: false }, no);
  assert.deepEqual(await signUp(server, "tos=false&tos=on"), { tos: true });
  assert.deepEqual(await signUp(server, "tos="), {});
  for (const odd of ["yes", "tRuE", "2"])
    assert.deepEqual(await signUp(server, `tos=${odd}`), { status: 400, ids: [4000026], at: ["traits.tos"] }, odd);
});

test("what a constant has to be is told as the text of its JSON", async (t) => {
  const server = await startServer(
    t,
    withTraits({ number: { const: 7 }, text: { const: "7" }, yes: { const: true }, nothing: { const: null } }),
  );
  const told = async (traits: object): Promise<Json> => {
    const { body: flow } = await server.native.get("/self-service/registration/api");
    const { body } = await server.native.post(flow.ui.action, {
      method: "password",
      password,
      traits: { email: "c@example.org", ...traits },
    });
    return body.ui.nodes
      .flatMap(({ messages }: Json) => messages)
      .map(({ id, context }: Json) => [id, context.expected]);
  };
  for (const [name, expected] of Object.entries({ number: "7", text: '"7"', yes: "true", nothing: "null" }))
    assert.deepEqual(await told({ [name]: 8 }), [[4000029, expected]], name);
});

test("text that may be several things is what the schema takes", async (t) => {
  const conditional = when(
    { properties: { kind: { const: "company" } }, required: ["kind"] },
    { properties: { vat: { type: "integer" } } },
    { properties: { vat: { type: "string" } } },
  );
  const properties = {
    code: { type: ["string", "number"] },
    zip: {
      anyOf: [
        { type: "integer", maximum: 9 },
        { type: "string", minLength: 5 },
      ],
    },
    level: { enum: [1, 2, "most"] },
    fixed: { const: 7 },
    kind: { type: "string" },
    free: {},
    flag: { type: ["boolean", "string"] },
    count: { oneOf: [{ type: "boolean" }, { type: "integer" }] },
  };
  const server = await startServer(t, withTraits(properties, conditional));
  assert.deepEqual(await signUp(server, "code=4&zip=12345&level=2&fixed=7&free=4&flag=1"), {
    code: 4,
    zip: "12345",
    level: 2,
    fixed: 7,
    free: "4",
    flag: "1",
  });
  assert.deepEqual(await signUp(server, "code=4.50&zip=3&level=most&flag=true"), {
    code: "4.50",
    zip: 3,
    level: "most",
    flag: true,
  });
  assert.deepEqual(
    [await signUp(server, "count=1"), await signUp(server, "count=on")],
    [{ count: 1 }, { count: true }],
  );
  assert.deepEqual(await signUp(server, "kind=company&vat=12"), { kind: "company", vat: 12 });
  assert.deepEqual(await signUp(server, "kind=person&vat=12"), { kind: "person", vat: "12" });
});

test("lists come by repeating a name or by index, also lists of objects", async (t) => {
  const address = {
    type: "object",
    properties: { street: { type: "string" }, no: { type: "integer" }, main: { type: "boolean" } },
    required: ["street"],
    additionalProperties: false,
  };
  const server = await startServer(
    t,
    withTraits({
      tags: { type: "array", items: { type: "string" } },
      homes: { type: "array", items: address },
      pair: { type: "array", items: [{ type: "string" }, { type: "integer" }] },
    }),
  );
  assert.deepEqual(await signUp(server, "tags=a&tags=b"), { tags: ["a", "b"] });
  assert.deepEqual(await signUp(server, "tags.1=b&tags.0=a&tags.10=c"), { tags: ["a", "b", "c"] });
  assert.deepEqual(await signUp(server, "tags.0=a&tags.999999999=&tags.7=b"), { tags: ["a", "b"] });
  assert.deepEqual(await signUp(server, "tags="), {});
  assert.deepEqual(
    await signUp(
      server,
      "homes.0.street=A&homes.0.no=1&homes.0.main=on&homes.1.street=&homes.2.street=C&homes.2.floor=3",
    ),
    { homes: [{ street: "A", no: 1, main: true }, { street: "C" }] },
  );
  assert.deepEqual(await signUp(server, `homes=${encodeURIComponent('[{"street":"A"}]')}&pair.0=a&pair.1=2`), {
    homes: [{ street: "A" }],
    pair: ["a", 2],
  });
  assert.equal((await signUp(server, "homes.0.no=1")).status, 400);
  // What JSON in a field hides behind escapes is looked at as well.
  for (const hidden of [
    '[{"street":"a\\u0000"}]',
    '[{"street":"\\ud800"}]',
    `[${'{"street":"a","x":'.repeat(99)}1${"}".repeat(99)}]`,
    `${"[".repeat(8_000)}${"]".repeat(8_000)}`,
  ])
    assert.equal((await signUp(server, `homes=${encodeURIComponent(hidden)}`)).status, 400, hidden.slice(0, 40));
});

test("whatever one input can ask for has one, wherever the schema speaks of it", async (t) => {
  const properties = {
    nick: { anyOf: [{ type: "string" }, { type: "null" }] },
    kind: {
      oneOf: [
        { const: "a", title: "A" },
        { const: "b", title: "B" },
      ],
      title: "Kind",
    },
    born: { type: ["string", "null"], format: "date" },
    seats: { type: ["integer", "null"] },
    reach: {
      anyOf: [
        { type: "string", format: "email" },
        { type: "string", format: "tel" },
      ],
    },
    home: {
      anyOf: [{ type: "null" }, { type: "object", properties: { city: { type: "string" } }, required: ["city"] }],
    },
    parent: { $ref: "#/definitions/person" },
  };
  const person = { type: "object", properties: { name: { type: "string" }, parent: { $ref: "#/definitions/person" } } };
  const more = {
    allOf: [{ properties: { extra: { type: "string", title: "Extra" } }, required: ["extra"] }],
    ...when({ required: ["nick"] }, { properties: { why: { type: "string" } } }),
  };
  const server = await startServer(t, withTraits(properties, more, { definitions: { person } }));
  const { body: flow } = await server.native.get("/self-service/registration/api");
  const shown = flow.ui.nodes
    .filter(({ attributes }: Json) => attributes.name.startsWith("traits."))
    .map(({ attributes: { name, type, required, options }, meta }: Json) =>
      [
        name,
        type,
        ...(required ? ["required"] : []),
        ...(options ?? []).map(({ value }: Json) => value),
        ...(meta.label ? [meta.label.text] : []),
      ].join(" "),
    );
  assert.deepEqual(shown, [
    "traits.email email required",
    "traits.nick text",
    "traits.kind text a b Kind",
    "traits.born date",
    "traits.seats number",
    "traits.reach text",
    "traits.home.city text",
    "traits.parent.name text",
    "traits.extra text required Extra",
    "traits.why text",
  ]);
  assert.deepEqual(await signUp(server, "extra=x&seats=3&home.city=&born="), { extra: "x", seats: 3 });
  assert.deepEqual(await signUp(server, "extra=x&home.city=Ulm&parent.name=P&parent.parent.parent.name=G"), {
    extra: "x",
    home: { city: "Ulm" },
    parent: { name: "P", parent: { parent: { name: "G" } } },
  });
});

test("names by a pattern are known; reading many names takes time in proportion to them", async (t) => {
  const patterns = Object.fromEntries(Array.from({ length: 60 }, (_, at) => [`^(a|b)+${at}$`, { type: "integer" }]));
  const server = await startServer(
    t,
    withTraits({}, { patternProperties: { "^x_": { type: "integer" }, ...patterns }, additionalProperties: false }),
  );
  assert.deepEqual(await signUp(server, "x_one=1&y=2&ab7=3"), { x_one: 1, ab7: 3 });
  const timed = async (count: number) => {
    const start = performance.now();
    await signUp(server, Array.from({ length: count }, (_, at) => `x_${at}=1&z${at}=1`).join("&"));
    return performance.now() - start;
  };
  await timed(10);
  const [few, many] = [Math.min(await timed(50), await timed(50)), await timed(400)];
  assert.ok(many < 24 * few + 1000, `${few} ms for 50, ${many} ms for 400`);
});
