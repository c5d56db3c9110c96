import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import type { TestContext } from "node:test";
import { setTimeout as pause } from "node:timers/promises";
import * as oauth from "oauth4webapi";
import { Client } from "./client.ts";
import type { Json } from "./client.ts";
import { freePort } from "./free-port.ts";

/** The program of a real Hydra, if there is one: OSTIARY_TEST_HYDRA names it. */
export const hydraProgram = process.env["OSTIARY_TEST_HYDRA"];

const startMs = 20_000;
const callback = "https://shop.example.org/callback";
const signedOut = "https://shop.example.org/signed-out";
const insecure = { [oauth.allowInsecureRequests]: true };

/** A real Hydra, and an application that signs people in by it. */
export interface RealHydra {
  readonly adminUrl: string;
  /** A browser at Hydra: its cookies are Hydra's. */
  browser(): Client;
  /** Begins a sign-in: where Hydra sends the browser, and what ends it. */
  begin(browser: Client, more?: Readonly<Record<string, string>>): Promise<Visit>;
  /** Ends a session at Hydra, in the name of the application. */
  signOut(browser: Client, idToken: string): Promise<string>;
}

/** A sign-in that has begun. */
export interface Visit {
  /** Where Hydra has sent the browser. */
  readonly location: string;
  /** Goes on from where the sign-in led, by the consent, to what the application learns. */
  finish(location: string): Promise<{ readonly claims: oauth.IDToken; readonly idToken: string }>;
}

/** Starts Hydra in memory, with a client registered; `login` is where it sends people. */
export async function startRealHydra(t: TestContext, program: string, login: string): Promise<RealHydra> {
  const [publicPort, adminPort] = [await freePort(), await freePort()];
  const publicUrl = `http://127.0.0.1:${publicPort}`;
  const adminUrl = `http://127.0.0.1:${adminPort}`;
  const child = spawn(program, ["serve", "all", "--dev"], {
    stdio: "ignore",
    env: {
      ...process.env,
      ...{ DSN: "memory", SECRETS_SYSTEM: "secret-of-a-test-alone-0123456789", LOG_LEVEL: "error" },
      ...{ SERVE_PUBLIC_HOST: "127.0.0.1", SERVE_PUBLIC_PORT: String(publicPort) },
      ...{ SERVE_ADMIN_HOST: "127.0.0.1", SERVE_ADMIN_PORT: String(adminPort) },
      ...{ URLS_SELF_ISSUER: publicUrl, URLS_LOGIN: login, URLS_REGISTRATION: login.replace("login", "registration") },
      ...{ URLS_CONSENT: "http://consent.example.org/", URLS_LOGOUT: "http://consent.example.org/logout" },
      SQA_OPT_OUT: "true",
    },
  });
  t.after(async () => {
    if (child.exitCode !== null) return;
    child.kill();
    await once(child, "exit");
  });
  const admin = new Client(adminUrl);
  await ready(admin);
  const { status, body: registered } = await admin.post("/admin/clients", {
    client_name: "The shop",
    redirect_uris: [callback],
    post_logout_redirect_uris: [signedOut],
    grant_types: ["authorization_code"],
    response_types: ["code"],
    scope: "openid",
    token_endpoint_auth_method: "client_secret_post",
  });
  assert.equal(status, 201, JSON.stringify(registered));
  return applicationOf(publicUrl, admin, registered, adminUrl);
}

async function ready(admin: Client): Promise<void> {
  for (const end = Date.now() + startMs; Date.now() < end; await pause(100)) {
    const answer = await admin.get("/health/ready").catch(() => undefined);
    if (answer?.status === 200) return;
  }
  throw new Error("Hydra did not start.");
}

async function applicationOf(publicUrl: string, admin: Client, registered: Json, adminUrl: string): Promise<RealHydra> {
  const issuer = new URL(publicUrl);
  const discovered = await oauth.discoveryRequest(issuer, insecure);
  const as = await oauth.processDiscoveryResponse(issuer, discovered);
  const client: oauth.Client = { client_id: registered.client_id };
  const proof = oauth.ClientSecretPost(registered.client_secret);

  /** Accepts what Hydra asks an operator's pages for. */
  async function accept(kind: "consent" | "logout", location: string): Promise<string> {
    const challenge = new URL(location).searchParams.get(`${kind}_challenge`);
    assert.ok(challenge, location);
    const path = `/admin/oauth2/auth/requests/${kind}/accept?${kind}_challenge=${challenge}`;
    const { status, body } = await admin.send("PUT", path, { json: { grant_scope: ["openid"] } });
    assert.equal(status, 200, JSON.stringify(body));
    return body.redirect_to;
  }

  return {
    adminUrl,
    browser: () => new Client(publicUrl, "html"),

    async begin(browser, more = {}) {
      const verifier = oauth.generateRandomCodeVerifier();
      const [state, nonce] = [oauth.generateRandomState(), oauth.generateRandomNonce()];
      const url = new URL(as.authorization_endpoint!);
      const challenge = await oauth.calculatePKCECodeChallenge(verifier);
      const asked = { client_id: client.client_id, redirect_uri: callback, response_type: "code", scope: "openid" };
      const proofs = { state, nonce, code_challenge: challenge, code_challenge_method: "S256" };
      for (const [name, value] of Object.entries({ ...asked, ...proofs, ...more })) url.searchParams.set(name, value);
      const sent = await browser.get(url.href);
      assert.ok(sent.location, JSON.stringify(sent.body));
      return {
        location: sent.location,
        async finish(location) {
          const consenting = await browser.get(location);
          const back = await browser.get(await accept("consent", consenting.location!));
          const parameters = oauth.validateAuthResponse(as, client, new URL(back.location!), state);
          const answer = await oauth.authorizationCodeGrantRequest(
            as,
            client,
            proof,
            parameters,
            callback,
            verifier,
            insecure,
          );
          const tokens = await oauth.processAuthorizationCodeResponse(as, client, answer, { expectedNonce: nonce });
          return { claims: oauth.getValidatedIdTokenClaims(tokens)!, idToken: tokens.id_token! };
        },
      };
    },

    async signOut(browser, idToken) {
      const query = new URLSearchParams({ id_token_hint: idToken, post_logout_redirect_uri: signedOut });
      const asked = await browser.get(`/oauth2/sessions/logout?${query.toString()}`);
      const gone = await browser.get(await accept("logout", asked.location!));
      return gone.location!;
    },
  };
}
