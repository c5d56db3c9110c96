import assert from "node:assert/strict";
import { request } from "node:http";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import type { TestContext } from "node:test";
import type { Log } from "../../src/log.ts";
import type { ConfigTree } from "../support/config.ts";
import { silentLog } from "../support/log.ts";
import { mailsTo } from "../support/mailbox.ts";
import { onEachDatabase } from "../support/servers.ts";
import { startServer } from "../support/server.ts";
import type { TestServer } from "../support/server.ts";

type Headers = Readonly<Record<string, string>>;

const few = {
  selfservice: { methods: { password: { config: { throttle: { per_client: { at_once: 5, per_hour: 6 } } } } } },
};
const trusting = (networks: readonly string[] | undefined, header?: string): ConfigTree => ({
  ...few,
  serve: { trusted_proxies: { ...(networks && { networks }), ...(header && { header }) } },
});

/** One guess at each of some accounts, and how many of them were looked at. */
async function spray(server: TestServer, guesses: number, headersOf: (at: number) => Headers): Promise<number> {
  let looked = 0;
  for (let at = 0; at < guesses; at++) {
    const { body: flow } = await server.native.get("/self-service/login/api");
    const body = { method: "password", identifier: `person-${at}@example.org`, password: "wrong-guess" };
    const { status } = await server.native.post(flow.ui.action, body, { headers: headersOf(at) });
    assert.ok(status === 400 || status === 429, String(status));
    looked += Number(status === 400);
  }
  return looked;
}

onEachDatabase(
  "by default nobody passes for many by a header",
  async (server) => {
    assert.equal(
      await spray(server, 12, (at) => ({
        "x-forwarded-for": `203.0.113.${at}`,
        "x-real-ip": `203.0.113.${at}`,
        "true-client-ip": `203.0.113.${at}`,
      })),
      5,
    );
  },
  { config: few },
);

const named = ["127.0.0.0/8"];
const cases: readonly { title: string; config: ConfigTree; headers(at: number): Headers; looked: number }[] = [
  { title: "a proxy that names nobody", config: trusting(named), headers: () => ({}), looked: 5 },
  {
    title: "a proxy that writes what is no address",
    config: trusting(named),
    headers: (at) => ({
      "x-forwarded-for": ["unknown", "", " , ", "_hidden", "300.1.1.1", "198.51.100.7 oops"][at % 6]!,
    }),
    looked: 5,
  },
  {
    title: "junk that its client wrote before a proxy's own word",
    config: trusting(named),
    headers: (at) => ({ "x-forwarded-for": `junk-${at}, 203.0.113.${at}, 198.51.100.7` }),
    looked: 5,
  },
  {
    title: "a proxy that names a private address",
    config: trusting(named),
    headers: () => ({ "x-forwarded-for": "10.1.2.3" }),
    looked: 5,
  },
  {
    title: "a proxy that names trusted proxies alone",
    config: trusting(["127.0.0.1", "10.0.0.0/8"]),
    headers: () => ({ "x-forwarded-for": "10.1.2.3, 10.0.0.1" }),
    looked: 5,
  },
  {
    title: "one address in every way to write it",
    config: trusting(named),
    headers: (at) => ({
      "x-forwarded-for": [
        "198.51.100.7",
        "198.51.100.7:443",
        "::ffff:198.51.100.7",
        "[::ffff:198.51.100.7]:80",
        "::FFFF:c633:6407",
        "0:0:0:0:0:ffff:c633:6407",
      ][at % 6]!,
    }),
    looked: 5,
  },
  {
    title: "addresses of one network of IPv6",
    config: trusting(named),
    headers: (at) => ({ "x-forwarded-for": `2001:db8:0:7::${at.toString(16)}%eth0` }),
    looked: 5,
  },
  {
    title: "the header of RFC 7239",
    config: trusting(named, "Forwarded"),
    headers: (at) => ({ forwarded: `for=203.0.113.${at}, For="[2001:db8::7]:${4000 + at}";proto=https;by=10.0.0.1` }),
    looked: 5,
  },
  {
    title: "the header of RFC 7239 without a client",
    config: trusting(named, "Forwarded"),
    headers: (at) => ({ forwarded: `proto=https;host=x${at}.example.org` }),
    looked: 5,
  },
  {
    title: "another header than the one that is configured",
    config: trusting(named, "X-Real-IP"),
    headers: (at) => ({ "x-forwarded-for": `203.0.113.${at}` }),
    looked: 5,
  },
  {
    title: "clients that a named proxy tells apart",
    config: trusting(named),
    headers: (at) => ({ "x-forwarded-for": `203.0.113.${at}` }),
    looked: 12,
  },
  {
    title: "clients that a chain of named proxies tells apart",
    config: trusting(["127.0.0.1", "10.0.0.0/8"]),
    headers: (at) => ({ "x-forwarded-for": `1.2.3.4, 203.0.113.${at}, 10.0.0.1` }),
    looked: 12,
  },
];

for (const { title, config, headers, looked } of cases)
  test(`what limits count: ${title}`, async (t) => {
    const server = await startServer(t, { config });
    assert.equal(await spray(server, 12, headers), looked);
  });

function recorder(): { log: Log; events: readonly { event: string; fields: Record<string, unknown> }[] } {
  const events: { event: string; fields: Record<string, unknown> }[] = [];
  return {
    events,
    log: {
      ...silentLog,
      warn: (event: string, fields: Record<string, unknown> = {}) => void events.push({ event, fields }),
    },
  };
}

test("the log says once what an operator has to do about proxies", async (t) => {
  const said = async (config: ConfigTree, headers: Headers) => {
    const { log, events } = recorder();
    await spray(await startServer(t, { log, config }), 3, () => headers);
    return events.filter(({ event }) => event.includes("trusted_proxies"));
  };
  const [unnamed, ...more] = await said(few, { "x-forwarded-for": "203.0.113.1" });
  assert.match(unnamed!.event, /not named in serve\.trusted_proxies/);
  assert.deepEqual([unnamed!.fields, more], [{ header: "X-Forwarded-For", peer: "127.0.0.1" }, []]);
  const silent = await said(trusting(named), {});
  assert.deepEqual(
    silent.map(({ event }) => /names no clients/.test(event)),
    [true],
  );
  assert.deepEqual(await said(few, {}), []);
  assert.deepEqual(
    await said(trusting([]), { "x-forwarded-for": "203.0.113.1" }),
    [],
    "who trusts nobody on purpose is told nothing",
  );
});

test("who comes by a socket counts as one, unless it is the proxy's", async (t) => {
  const looked = async (networks: readonly string[] | undefined) => {
    const folder = mkdtempSync(join(tmpdir(), "ostiary-test-"));
    t.after(() => rmSync(folder, { recursive: true, force: true }));
    const socketPath = join(folder, "public.sock");
    const { serve } = trusting(networks) as { serve: object };
    await startServer(t, { config: { ...few, serve: { ...serve, public: { host: `unix:${socketPath}` } } } });
    let count = 0;
    for (let at = 0; at < 8; at++) count += Number((await guessBy(socketPath, at)) === 400);
    return count;
  };
  assert.equal(await looked(undefined), 5);
  assert.equal(await looked(["127.0.0.0/8"]), 5);
  assert.equal(await looked(["unix"]), 8);
});

async function guessBy(socketPath: string, at: number): Promise<number> {
  const send = (method: string, path: string, body?: object) =>
    new Promise<{ status: number; text: string }>((resolve, reject) => {
      const headers = {
        accept: "application/json",
        "x-forwarded-for": `203.0.113.${at}`,
        ...(body && { "content-type": "application/json" }),
      };
      const sent = request({ socketPath, method, path, headers }, async (response) =>
        resolve({ status: response.statusCode!, text: (await response.toArray()).join("") }),
      );
      sent.on("error", reject).end(body && JSON.stringify(body));
    });
  const flow = JSON.parse((await send("GET", "/self-service/login/api")).text) as { id: string };
  return (
    await send("POST", `/self-service/login?flow=${flow.id}`, {
      method: "password",
      identifier: `person-${at}@example.org`,
      password: "wrong-guess",
    })
  ).status;
}

const recovering = (t: TestContext, config: ConfigTree) =>
  startServer(t, {
    config: {
      courier: {
        smtp: { connection_uri: "smtp://127.0.0.1:1/?disable_starttls=true" },
        limits: { per_client: { messages: 2 } },
      },
      selfservice: {
        methods: { code: { enabled: true } },
        flows: { recovery: { enabled: true, ui_url: "http://app.example.org/recovery" } },
      },
      ...config,
    },
  });

async function mailed(server: TestServer, headers: Headers): Promise<number> {
  let sent = 0;
  for (let at = 0; at < 4; at++) {
    const email = `person-${at}@example.org`;
    await server.createPerson({ email, password: "correct horse battery" });
    const { body: flow } = await server.native.get("/self-service/recovery/api");
    await server.native.post(flow.ui.action, { method: "code", email }, { headers });
    sent += (await mailsTo(server, email)).length;
  }
  return sent;
}

test("messages are counted for whoever comes from inside as well, but for a developer on the machine itself", async (t: TestContext) => {
  assert.equal(
    await mailed(await recovering(t, { serve: { trusted_proxies: { networks: named } } }), {
      "x-forwarded-for": "10.1.2.3",
    }),
    2,
  );
  assert.equal(await mailed(await recovering(t, { serve: { trusted_proxies: { networks: named } } }), {}), 2);
  assert.equal(await mailed(await recovering(t, {}), { "x-forwarded-for": "203.0.113.1" }), 2);
  assert.equal(await mailed(await recovering(t, { dev: false }), {}), 2);
  assert.equal(await mailed(await recovering(t, {}), {}), 4);
});
