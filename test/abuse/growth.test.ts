import assert from "node:assert/strict";
import { test } from "node:test";
import { create } from "@bufbuild/protobuf";
import { IdentityService } from "#gen/ostiary/admin/v1/identity_service_pb.js";
import { RegistrationService } from "#gen/ostiary/public/v1/registration_service_pb.js";
import { doors } from "../support/doors.ts";
import { assertUnharmed, whileProbed } from "../support/health-probe.ts";
import { startProcess } from "../support/server-process.ts";
import type { ServerProcess } from "../support/server-process.ts";

const kinds = ["login", "registration", "recovery", "verification"];
const methods = { code: { enabled: true } };
const flows = { recovery: { enabled: true }, verification: { enabled: true } };
const config = {
  courier: { smtp: { connection_uri: "smtp://127.0.0.1:1/?disable_starttls=true" } },
  selfservice: { methods, flows },
};

/** What was answered, and how long the server worked for it. */
interface Measured {
  readonly status: number;
  readonly bytes: number;
  readonly ms: number;
}

type Hostile = (size: number) => { readonly json: unknown } | { readonly form: string } | { readonly raw: string };

const members = (size: number, value: unknown = 1) =>
  Object.fromEntries(Array.from({ length: size }, (_, at) => [`k${at}`, value]));
const names = (size: number, name: (at: number) => string) =>
  Array.from({ length: size }, (_, at) => `${name(at)}=1`).join("&");
const nested = (size: number) => `${'{"a":'.repeat(size)}1${"}".repeat(size)}`;

/** Submissions that grow in a way of their own; each is refused from its hundredfold on, if not before. */
const submissions: Readonly<Record<string, Hostile>> = {
  "unknown traits": (size) => ({ json: { method: "password", traits: members(size) } }),
  "unknown traits in form format": (size) => ({
    json: { method: "password", ...Object.fromEntries(Object.keys(members(size)).map((key) => [`traits.${key}`, 1])) },
  }),
  "unknown traits of a form": (size) => ({ form: `method=password&${names(size, (at) => `traits.k${at}`)}` }),
  "unknown fields": (size) => ({ form: `method=nothing&${names(size, (at) => `k${at}`)}` }),
  "names in brackets": (size) => ({ form: `method=nothing&${names(size, (at) => `traits[a][${at}]`)}` }),
  "names of prototypes": (size) => ({
    form: `method=password&${names(size, (at) => `traits.__proto__.constructor.k${at}`)}`,
  }),
  "a field again and again": (size) => ({ form: `method=password&${names(size, () => "traits.email")}` }),
  "the method again and again": (size) => ({ form: names(size, () => "method") }),
  "items by index": (size) => ({ form: `method=password&${names(size, (at) => `traits.tags.${at}`)}` }),
  "a deep name": (size) => ({ form: `method=password&traits${".a".repeat(size)}=1` }),
  "a payload": (size) => ({ json: { method: "password", transient_payload: members(size) } }),
  "a list": (size) => ({ json: { method: "password", traits: { tags: Array.from({ length: size }, () => ({})) } } }),
  "lists in lists": (size) => ({
    json: {
      method: "password",
      traits: { tags: Array.from({ length: 100 }, () => Array.from({ length: size / 10 }, (_, at) => at)) },
    },
  }),
  "deep JSON": (size) => ({ raw: `{"method":"password","traits":${nested(size)}}` }),
  "a name that is sent twice, late": (size) => ({
    raw: `{"method":"password","traits":{${Object.keys(members(size))
      .map((key) => `"${key}":1`)
      .join(",")},"k0":1}}`,
  }),
  "numbers without end": (size) => ({
    raw: `{"method":"password","traits":{"age":1${"0".repeat(size * 10)},"x":1e${"9".repeat(size * 10)}}}`,
  }),
  "a long address": (size) => ({
    json: {
      method: "password",
      identifier: `${"a.".repeat(size)}@example.org`,
      email: `${"a.".repeat(size)}@example.org`,
      traits: { email: `${"a.".repeat(size)}@example.org` },
    },
  }),
  "letters that become many": (size) => ({
    json: {
      method: "password",
      identifier: "\ufdfa".repeat(size),
      email: "\ufdfa".repeat(size),
      traits: { email: "\ufdfa".repeat(size), badge: "\ufdfa".repeat(size) },
    },
  }),
  "a long token": (size) => ({
    json: {
      method: "password",
      csrf_token: "x".repeat(size * 10),
      code: "1".repeat(size * 10),
      token: "x".repeat(size * 10),
    },
  }),
};

async function submit(server: ServerProcess, action: string, hostile: ReturnType<Hostile>): Promise<Measured> {
  const form = "form" in hostile;
  const body = form ? hostile.form : "raw" in hostile ? hostile.raw : JSON.stringify(hostile.json);
  const headers = {
    accept: "application/json",
    "content-type": form ? "application/x-www-form-urlencoded" : "application/json",
  };
  const start = server.workedMs();
  const answer = await fetch(server.publicUrl + action, { method: "POST", headers, body });
  const bytes = (await answer.arrayBuffer()).byteLength;
  return { status: answer.status, bytes, ms: server.workedMs() - start };
}

async function begin(server: ServerProcess, kind: string): Promise<string> {
  const { ui } = (await fetch(`${server.publicUrl}/self-service/${kind}/api`).then((answer) => answer.json())) as {
    ui: { action: string };
  };
  const { pathname, search } = new URL(ui.action);
  return pathname + search;
}

const noise = { ms: 50, bytes: 16_384 };

/** Ten times the input takes ten times the time and the answer at most; half again for what the server does beside. */
function assertLinear(
  [once, tenfold, hundredfold]: readonly [Measured, Measured, Measured],
  what: string,
  refused = [400, 413, 431],
): void {
  const told = `${what}: ${JSON.stringify([once, tenfold, hundredfold])}`;
  for (const [less, more] of [
    [once, tenfold],
    [tenfold, hundredfold],
  ] as const) {
    assert.ok(more.ms <= 15 * less.ms + noise.ms, told);
    assert.ok(more.bytes <= 15 * less.bytes + noise.bytes, told);
  }
  assert.ok(refused.includes(hundredfold.status), told);
}

async function atSizes(
  measure: (size: number) => Promise<Measured>,
  base: number,
): Promise<[Measured, Measured, Measured]> {
  return [await measure(base), await measure(10 * base), await measure(100 * base)];
}

// One server bears them all, and everybody else is served meanwhile: what one leaves behind, the next one finds.
test("what is made to be slow costs no more than its size", { timeout: 60_000 }, async (t) => {
  const server = await startProcess(t, { config: { ...config, serve: { public: { max_body_bytes: 1_048_576 } } } });
  const seen = await whileProbed(server, async () => {
    for (const [what, story] of Object.entries(stories)) await t.test(what, () => story(server));
  });
  assertUnharmed(seen);
});

const stories: Readonly<Record<string, (server: ServerProcess) => Promise<void>>> = {
  "a submission takes time and answers bytes in proportion to its size, and is refused where it is made to be slow":
    submitHostile,
  "a flow does not grow by what is submitted to it again and again": submitAgain,
  "JSON is bounded by its members, its parts and its depth for administrators, and over gRPC": administerHostile,
  "headers and parameters of any length cost no more than their bytes": askHostile,
};

async function submitHostile(server: ServerProcess): Promise<void> {
  for (const [name, hostile] of Object.entries(submissions))
    for (const kind of kinds) {
      const action = await begin(server, kind);
      assertLinear(await atSizes((size) => submit(server, action, hostile(size)), 100), `${kind}, ${name}`);
    }
}

async function submitAgain(server: ServerProcess): Promise<void> {
  for (const kind of kinds) {
    const action = await begin(server, kind);
    const sizes: number[] = [];
    for (let round = 0; round < 60; round++)
      sizes.push(
        (
          await submit(server, action, {
            json: { method: "password", traits: { [`x${round}`]: 1, tags: { [`y${round}`]: 1 } } },
          })
        ).bytes,
      );
    // Some forms keep what they have said, as in Kratos, up to a point.
    assert.ok(sizes.at(-1)! <= sizes[40]! + 200, `${kind}: ${sizes}`);
  }
}

async function administerHostile(server: ServerProcess): Promise<void> {
  const send = (method: string, path: string, body: unknown) =>
    fetch(server.adminUrl + path, {
      method,
      headers: { "content-type": "application/json" },
      body: JSON.stringify(body),
    });
  const person = { schema_id: "person", traits: { email: "pat@example.org" }, metadata_public: {} };
  const { id } = (await send("POST", "/admin/identities", person).then((made) => made.json())) as { id: string };
  const measured = async (method: string, path: string, body: unknown): Promise<Measured> => {
    const start = server.workedMs();
    const answer = await send(method, path, body);
    const bytes = (await answer.arrayBuffer()).byteLength;
    return { status: answer.status, bytes, ms: server.workedMs() - start };
  };
  const hostile: Readonly<Record<string, (size: number) => Promise<Measured>>> = {
    traits: (size) => measured("POST", "/admin/identities", { ...person, traits: members(size) }),
    metadata: (size) =>
      measured("PUT", `/admin/identities/${id}`, { ...person, state: "active", metadata_public: members(size) }),
    "a patch that adds": (size) =>
      measured(
        "PATCH",
        `/admin/identities/${id}`,
        Array.from({ length: size }, (_, at) => ({ op: "add", path: `/metadata_public/k${at}`, value: 1 })),
      ),
    "a patch that skips": (size) =>
      measured(
        "PATCH",
        `/admin/identities/${id}`,
        Array.from({ length: size }, (_, at) => ({ op: "add", path: `/metadata_public/k${at}/1000`, value: 1 })),
      ),
    "a patch of depth": (size) =>
      measured("PATCH", `/admin/identities/${id}`, [
        { op: "add", path: `/metadata_public${"/a".repeat(size)}`, value: 1 },
      ]),
    "a batch": (size) =>
      measured("PATCH", "/admin/identities", {
        identities: Array.from({ length: size }, () => ({
          create: { schema_id: "person", traits: { email: "none" } },
        })),
      }),
    ids: (size) => measured("GET", `/admin/identities?${names(size, () => "ids")}`, undefined),
  };
  for (const [name, measure] of Object.entries(hostile)) assertLinear(await atSizes(measure, 100), name);

  const grpc = doors["gRPC"]!(server.adminUrl);
  const { createIdentity } = IdentityService.method;
  const told = await grpc(
    createIdentity,
    create(createIdentity.input, { identity: { schemaId: "person", traits: members(10_000) as never } }),
  );
  assert.match(told!.verdict, /^400/);
}

async function askHostile(server: ServerProcess): Promise<void> {
  const get = async (path: string, headers: Record<string, string> = {}): Promise<Measured> => {
    const start = server.workedMs();
    const answer = await fetch(server.publicUrl + path, {
      headers: { accept: "application/json", ...headers },
      redirect: "manual",
    });
    const bytes = (await answer.arrayBuffer()).byteLength;
    return { status: answer.status, bytes, ms: server.workedMs() - start };
  };
  const many = (size: number, one: (at: number) => string, separator: string) =>
    Array.from({ length: size }, (_, at) => one(at)).join(separator);
  const flow = "/self-service/login/browser";
  const hostile: Readonly<Record<string, (size: number) => Promise<Measured>>> = {
    cookies: (size) => get("/sessions/whoami", { cookie: many(size, (at) => `ory_kratos_session=${at}`, "; ") }),
    languages: (size) => get(flow, { "accept-language": many(size, (at) => `de;q=0.${at}`, ",") }),
    proxies: (size) => get(flow, { "x-forwarded-for": many(size, (at) => `10.0.0.${at % 250}`, ",") }),
    return_to: (size) => get(`${flow}?return_to=${"/a".repeat(size)}`),
    aal: (size) => get(`${flow}?aal=${"a".repeat(2 * size)}`),
    via: (size) => get(`${flow}?via=${"a.".repeat(size)}`),
    parameters: (size) => get(`${flow}?${names(size, (at) => `p${at}`)}`),
    accept: (size) => get(flow, { accept: many(size, () => "text/html;q=0.1", ",") }),
  };
  // As far as headers go, which end at 32 KiB, much of this is harmless: then it only has to stay cheap.
  for (const [name, measure] of Object.entries(hostile))
    assertLinear(await atSizes(measure, 100), name, [200, 400, 401, 431]);
}

test("the public port takes 64 KiB, or what the configuration says, by every protocol", async (t) => {
  const server = await startProcess(t, { config });
  const action = await begin(server, "registration");
  const padded = (bytes: number) => ({
    json: { method: "password", transient_payload: { filling: "x".repeat(bytes) } },
  });
  assert.equal((await submit(server, action, padded(64_000))).status, 400, "read");
  assert.equal((await submit(server, action, padded(66_000))).status, 413);
  assert.equal(
    (
      await submit(server, action, {
        json: { method: "password", traits: { email: `${"a".repeat(800_000)}@example.org` } },
      })
    ).status,
    413,
  );
  const update = RegistrationService.method.updateRegistrationFlow;
  for (const [name, open] of Object.entries(doors)) {
    const call = open(server.publicUrl);
    const flow = new URLSearchParams(action.split("?")[1]).get("flow")!;
    const message = (bytes: number) =>
      create(update.input, {
        flow,
        submission: { transientPayload: { filling: "x".repeat(bytes) }, method: { case: "password", value: {} } },
      });
    if (name === "Connect, by GET") continue;
    const refused = await call(update, message(70_000));
    assert.match(JSON.stringify(refused), /PAYLOAD_TOO_LARGE|413/, name);
    assert.doesNotMatch(JSON.stringify(await call(update, message(40_000))), /PAYLOAD_TOO_LARGE|413/, name);
  }
});
