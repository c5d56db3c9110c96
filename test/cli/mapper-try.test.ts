import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import type { TestContext } from "node:test";
import { runIn } from "../support/command-line.ts";
import { wholeTree } from "../support/config.ts";
import { startServer } from "../support/server.ts";
import { program, socialConfig } from "../support/social.ts";
import { tokensBy } from "../support/tokens.ts";

const mapper = `
local claims = std.extVar('claims');
{
  identity: {
    traits: std.extVar('identity').traits + { email: claims.email },
    verified_addresses: [{ via: 'email', value: claims.email }],
  },
}`;
const entry = {
  ...{ id: "acme", provider: "facebook", client_id: "c", client_secret: "s" },
  mapper_url: program(mapper),
};
const config = socialConfig([entry]);

/** A folder with files to try mappers by, and the command in it. */
function startFolder(t: TestContext) {
  const folder = mkdtempSync(join(tmpdir(), "ostiary-mapper-"));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const write = (name: string, content: unknown) => {
    const path = join(folder, name);
    writeFileSync(path, typeof content === "string" ? content : JSON.stringify(content));
    return path;
  };
  const claims = write("claims.json", { iss: "https://op.example", sub: "7", email: "ada@example.org" });
  return {
    write,
    claims,
    tried: (...words: string[]) => runIn({}, "mapper", "try", "--claims", claims, ...words),
  };
}

test("a mapper is tried by itself: what it makes is printed, and its faults name file and line", async (t) => {
  const { write, tried } = startFolder(t);
  const good = await tried(write("op.jsonnet", mapper), "--identity", write("known.json", { traits: { age: 36 } }));
  assert.equal(good.code, 0, good.err);
  assert.deepEqual(JSON.parse(good.out), {
    traits: { age: 36, email: "ada@example.org" },
    verified_addresses: [{ value: "ada@example.org", via: "email" }],
  });

  const cel = await tried(write("op.cel", '{"identity": {"traits": {"sub": claims.sub}}}'));
  assert.deepEqual([cel.code, JSON.parse(cel.out)], [0, { traits: { sub: "7" } }], cel.err);

  const bad = await tried(write("bad.jsonnet", "{\n  identity: person }"));
  assert.deepEqual([bad.code, bad.out], [3, ""]);
  assert.match(bad.err, /^bad\.jsonnet:2:13: The mapper cannot be read at line 2, column 13: .*person/);

  const told = JSON.parse((await tried(write("list.jsonnet", "[1]"), "--format", "json")).out);
  assert.deepEqual([told.output, told.fault.reason], [[1], "invalid_output"]);
});

test("with a configuration the traits are judged, and the provider's own mapper can be tried", async (t) => {
  const { write, tried } = startFolder(t);
  const file = write("kratos.yml", wholeTree({ ...config, dsn: "memory" }));
  const own = await tried("--provider", "acme", "-c", file);
  assert.equal(own.code, 0, own.err);
  const { verified_addresses: verified, unproven_addresses: unproven } = JSON.parse(own.out);
  assert.deepEqual([verified, unproven?.length], [undefined, 1], "nobody's e-mail at Facebook is proven");

  const unfit = await tried(write("unfit.jsonnet", "{ identity: { traits: { email: 7 } } }"), "-c", file);
  assert.deepEqual([unfit.code, JSON.parse(unfit.out)], [4, { traits: { email: 7 } }]);
  assert.match(unfit.err, /^traits\.email: /);
});

test("the same is asked of a server", async (t) => {
  const server = await startServer(t, { config });
  const { write, tried } = startFolder(t);
  const own = await tried("--provider", "acme", "--endpoint", server.adminUrl);
  assert.deepEqual([own.code, JSON.parse(own.out).traits], [0, { email: "ada@example.org" }], own.err);
  const bad = await tried(write("bad.jsonnet", "{ identity: {} }"), "--endpoint", server.adminUrl);
  assert.deepEqual(
    [bad.code, bad.err],
    [3, "bad.jsonnet: The mapper returned `identity.traits` that is not an object."],
  );
  const unknown = await tried("--provider", "nowhere", "--endpoint", server.adminUrl);
  assert.deepEqual([unknown.code, unknown.err], [1, "ostiary mapper try: There is no such provider."]);
});

test("a session template is tried on a session: by itself, with a configuration, and on a server", async (t) => {
  const templates = tokensBy({ api: { ttl: "1h", claims_mapper_url: program("{ claims: { aud: 'api' } }") } });
  const server = await startServer(t, { config: templates });
  const { write } = startFolder(t);
  const session = {
    id: "s-1",
    expires_at: "2040-01-01T00:00:00Z",
    identity: { id: "i-1", traits: { email: "a@b.c" } },
  };
  const file = write("session.json", session);
  const tried = (...words: string[]) => runIn({}, "mapper", "try", "--session", file, ...words);

  const cel = await tried(write("api.cel", '{"claims": {"email": session.identity.traits.email}}'));
  const { email, sub, sid, iat, exp } = JSON.parse(cel.out);
  assert.deepEqual([cel.code, email, sub, sid, exp - iat], [0, "a@b.c", "i-1", "s-1", 60], cel.err);
  const bad = await tried(write("bad.jsonnet", "{ claims: { exp: 'never' } }"));
  assert.deepEqual([bad.code, bad.err], [3, 'bad.jsonnet: The mapper makes a claim "exp" that is no number.']);

  const config = write("kratos.yml", wholeTree({ ...templates, dsn: "memory" }));
  for (const where of [
    ["-c", config],
    ["--endpoint", server.adminUrl],
  ]) {
    const own = await tried("--template", "api", ...where);
    assert.equal(own.code, 0, own.err);
    const claims = JSON.parse(own.out);
    assert.deepEqual([claims.aud, claims.sub, claims.exp - claims.iat], ["api", "i-1", 3600], where.join(" "));
  }
  const unlike = write("unlike.json", { id: "s-1" });
  const cases: readonly (readonly [number, RegExp, ...string[]])[] = [
    [1, /needs -c or --endpoint to find session templates/, "--session", file, "--template", "api"],
    [1, /cannot find this session template/, "--session", file, "--template", "nobody's", "-c", config],
    [1, /as whoami answers it: with id/, "--session", unlike, "--template", "api", "-c", config],
    [2, /needs --session/, "--template", "api"],
    [2, /takes --session without --claims/, "--session", file, "--template", "api", "--claims", file],
  ];
  for (const [ends, sentence, ...words] of cases) {
    const { code, err } = await runIn({}, "mapper", "try", ...words);
    assert.match(err, sentence, words.join(" "));
    assert.equal(code, ends);
  }
});

test("what is wrong with the call is told in a sentence", async (t) => {
  const { write, claims, tried } = startFolder(t);
  const op = write("op.jsonnet", mapper);
  const cases: readonly (readonly [RegExp, ...string[]])[] = [
    [/needs a mapper file, --provider or --template/],
    [/Too many arguments/, op, op],
    [/none\.jsonnet cannot be read/, "none.jsonnet"],
    [/needs -c or --endpoint to find providers and schemas/, "--provider", "acme"],
    [/needs -c or --endpoint/, op, "--schema", "person"],
    [/Allowed choices are jsonnet, cel/, op, "--language", "lua"],
    [/op\.jsonnet is not valid JSON/, op, "--identity", op],
    [/list\.json does not contain an object/, op, "--claims", write("list.json", [])],
    [
      /cannot find this schema/,
      op,
      "--schema",
      "nobody",
      "-c",
      write("kratos.yml", wholeTree({ ...config, dsn: "memory" })),
    ],
  ];
  for (const [sentence, ...words] of cases) {
    const { code, err } = await tried(...words);
    assert.match(err, sentence, words.join(" "));
    assert.notEqual(code, 0);
  }
  assert.match((await runIn({}, "mapper", "try", claims)).err, /needs --claims/);
});
