import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer } from "node:http";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { test } from "node:test";
import type { TestContext } from "node:test";
import { idTokenOf, providerKeys } from "../support/id-token.ts";
import { site, startOpenidProvider } from "../support/openid-provider.ts";
import { submitIn } from "../support/person.ts";
import { startServer } from "../support/server.ts";
import type { TestServer } from "../support/server.ts";
import { entryOf, program, signInBy, socialConfig, usualMapper } from "../support/social.ts";

const steps = ["discovery", "token", "keys", "userinfo"] as const;
type Step = (typeof steps)[number];
/** The ten seconds that a sign-in may wait, and what a busy machine takes besides. */
const longestMs = 20_000;

/** Begins an answer, and adds to it for ever. */
function drip(res: ServerResponse): void {
  res.writeHead(200, { "content-type": "application/json" }).write('{"issuer":"');
  const timer = setInterval(() => res.write("x"), 300);
  res.on("close", () => clearInterval(timer));
}

/** A server with a provider for each step: there it never comes to an end, by one way or the other. */
async function startHanging(t: TestContext): Promise<string> {
  const nonces = new Map<string, string>();
  const server = createServer((req, res) => void answer(req, res)).listen(0, "127.0.0.1");
  await once(server, "listening");
  t.after(() => (server.closeAllConnections(), server.close()));
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  async function answer(req: IncomingMessage, res: ServerResponse) {
    const [, name, at] = /^\/((?:silent|dripping)-\w+)\/(.*)$/.exec(req.url!)!;
    const issuer = `${origin}/${name}`;
    const [way, step] = name!.split("-") as [string, Step];
    const asked = at!.startsWith(".well-known") ? "discovery" : at;
    if (asked === step) return void (way === "dripping" && drip(res));
    const answers: Record<string, unknown> = {
      discovery: {
        ...{ issuer, authorization_endpoint: `${issuer}/authorize`, token_endpoint: `${issuer}/token` },
        ...{ jwks_uri: `${issuer}/keys`, userinfo_endpoint: `${issuer}/userinfo` },
      },
      keys: { keys: providerKeys.map(({ kty, n, e, kid, alg, crv, x, y }) => ({ kty, n, e, kid, alg, crv, x, y })) },
      token: {
        ...{ access_token: "at-1", token_type: "Bearer" },
        id_token: await idTokenOf(issuer, "ada", { claims: { nonce: nonces.get(name!) } }),
      },
    };
    const nonce = new URL(req.url!, origin).searchParams.get("nonce");
    if (nonce) nonces.set(name!, nonce);
    res.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(answers[asked!] ?? {}));
  }
  return origin;
}

/** Signs somebody in by a provider that hangs: what a navigating browser is told in the end. */
async function signInAt(server: TestServer, provider: string) {
  const app = server.spa();
  const away = await submitIn(app, "login", { provider });
  if (away.status !== 422) return away.status;
  const url = new URL(away.body.redirect_browser_to);
  await fetch(url);
  const query = new URLSearchParams({ state: url.searchParams.get("state")!, code: "the-code" });
  const { status, location } = await app.get(`/self-service/methods/oidc/callback/${provider}?${query}`, {
    accept: "text/html",
  });
  return status === 303 && new URL(location!).pathname === "/error" ? 502 : status;
}

test("a provider that hangs or never ends, wherever, is an error within ten seconds, and nobody else waits", async (t) => {
  const [origin, openid] = [await startHanging(t), await startOpenidProvider(t)];
  const hanging = steps.flatMap((step) => [`silent-${step}`, `dripping-${step}`]);
  const entries = hanging.map((id) => ({
    ...{ id, provider: "generic", issuer_url: `${origin}/${id}`, mapper_url: program(usualMapper), ...site },
    ...(id.endsWith("userinfo") && { claims_source: "userinfo" }),
  }));
  const server = await startServer(t, { config: socialConfig([entryOf(openid), ...entries]) });
  let ended = 0;
  const begun = Date.now();
  const waiting = hanging.map(async (id) => {
    const status = await signInAt(server, id);
    ended++;
    return [id, status, Date.now() - begun < longestMs] as const;
  });
  const ada = { subject: "ada", claims: { email: "ada@example.org" } };
  assert.equal((await signInBy(openid, server.spa(), ada)).status, 200);
  assert.equal(ended, 0, "somebody else has signed in meanwhile");
  for (const [id, status, soon] of await Promise.all(waiting)) assert.deepEqual([id, status, soon], [id, 502, true]);
});
