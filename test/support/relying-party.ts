import assert from "node:assert/strict";
import * as oidc from "openid-client";
import { csrfTokenOf } from "./client.ts";
import type { Client, Json } from "./client.ts";
import type { ConfigTree } from "./config.ts";
import { password } from "./person.ts";
import type { TestServer } from "./server.ts";

/** Who issues the tokens of tests' servers. */
export const issuer = "http://id.example.org";

/** A configuration with the provider that comes along, and a scope of an API. */
export const embedded = (more: object = {}): ConfigTree => ({
  oauth2_provider: { mode: "embedded", embedded: { scopes: ["photos.read", "photos.write"], ...more } },
});

/** Registers a client by the admin API, and answers it with its secret. */
export async function registered(server: TestServer, metadata: object): Promise<Json> {
  const { status, body } = await server.adminClient.post("/admin/clients", metadata);
  assert.equal(status, 201, JSON.stringify(body));
  return body;
}

/** A relying party by `openid-client`, which reaches the issuer at a server of a test. */
export function relyingParty(
  server: Pick<TestServer, "publicUrl">,
  { client_id: id, client_secret: secret }: Json,
  from = issuer,
): Promise<oidc.Configuration> {
  const reach: oidc.CustomFetch = (url, options) =>
    fetch(url.replace(from, server.publicUrl.replace(/\/$/, "")), options as RequestInit);
  return oidc.discovery(new URL(from), id, secret ? { client_secret: secret } : {}, undefined, {
    execute: [oidc.allowInsecureRequests],
    [oidc.customFetch]: reach,
  });
}

/** Where clients of tests have codes sent. */
export const callback = "https://album.example.org/callback";

/** An application that people sign in to. */
export const album = {
  client_name: "Album",
  redirect_uris: [callback],
  grant_types: ["authorization_code", "refresh_token"],
  scope: "openid email profile offline photos.read",
};

/** What an application keeps while somebody is away to sign in. */
export interface Begun {
  readonly url: string;
  readonly checks: oidc.AuthorizationCodeGrantChecks;
}

/** Begins a sign-in as an application does. */
export async function beginSignIn(at: oidc.Configuration, more: Record<string, string> = {}): Promise<Begun> {
  const verifier = oidc.randomPKCECodeVerifier();
  const state = oidc.randomState();
  const url = oidc.buildAuthorizationUrl(at, {
    redirect_uri: callback,
    scope: "openid email offline",
    code_challenge: await oidc.calculatePKCECodeChallenge(verifier),
    code_challenge_method: "S256",
    state,
    ...more,
  });
  return { url: url.href, checks: { pkceCodeVerifier: verifier, expectedState: state } };
}

/** Follows a browser's redirections within the server, and answers the first address that is a page or another site's. */
export async function follow(browser: Client, url: string): Promise<URL> {
  let target = new URL(url);
  for (let hops = 0; hops < 10; hops++) {
    const { status, location, body } = await browser.get(target.href);
    assert.ok(status === 303 && location, `${target.href}: ${status} ${JSON.stringify(body)}`);
    target = new URL(location, target);
    if (target.origin !== issuer || /^\/ui\/|^\/login|consent/.test(target.pathname)) return target;
  }
  throw new Error("a browser is led in circles");
}

/** Signs somebody in by the form that a browser was led to, and answers where it goes on. */
export async function passLogin(browser: Client, page: URL, email: string): Promise<string> {
  const { body: flow } = await browser.get(`/self-service/login/flows?id=${page.searchParams.get("flow")}`, {
    accept: "application/json",
  });
  const form = { method: "password", identifier: email, password, csrf_token: csrfTokenOf(flow) };
  const { status, location, body } = await browser.send("POST", flow.ui.action, { form });
  assert.ok(status === 303 && location, JSON.stringify(body));
  return location;
}

/** Answers what an application asks for, and tells where the browser goes on. */
export async function answerConsent(browser: Client, page: URL, allow = true): Promise<string> {
  const { status, body } = await browser.send("PUT", "/account/consent-request", {
    json: { consent_challenge: page.searchParams.get("consent_challenge"), allow },
    accept: "application/json",
  });
  assert.equal(status, 200, JSON.stringify(body));
  return body.redirect_browser_to;
}

/** Signs somebody in to an application, all the way from it and back: the tokens that it gets. */
export async function signInTo(
  at: oidc.Configuration,
  browser: Client,
  email: string,
  more: Record<string, string> = {},
): Promise<oidc.TokenEndpointResponse & oidc.TokenEndpointResponseHelpers> {
  const { url, checks } = await beginSignIn(at, more);
  let page = await follow(browser, url);
  if (page.searchParams.has("flow")) page = await follow(browser, await passLogin(browser, page, email));
  if (page.searchParams.has("consent_challenge")) page = await follow(browser, await answerConsent(browser, page));
  assert.equal(page.origin, new URL(callback).origin, page.href);
  return oidc.authorizationCodeGrant(at, page, checks);
}

/** What applications ask of the provider of OAuth 2.0, and administrators of applications. */
export async function liveThroughTokens(server: TestServer): Promise<void> {
  const client = await registered(server, { grant_types: ["client_credentials"], client_id: "machine" });
  const at = await relyingParty(server, client);
  const { access_token: token } = await oidc.clientCredentialsGrant(at);
  await oidc.tokenIntrospection(at, token);
  await oidc.tokenRevocation(at, token);
  for (const path of ["?page_size=5", "/machine"])
    assert.equal((await server.admin("GET", `/admin/clients${path}`)).status, 200);
  await server.createPerson({ email: "bea@example.org", password });
  const application = await relyingParty(server, await registered(server, album));
  const tokens = await signInTo(application, server.browser(), "bea@example.org");
  await oidc.refreshTokenGrant(application, tokens.refresh_token!);
  const renamed = [{ op: "replace", path: "/client_name", value: "Machine" }];
  assert.equal((await server.admin("PATCH", "/admin/clients/machine", { json: renamed })).status, 200);
  assert.equal((await server.admin("DELETE", "/admin/clients/machine")).status, 204);
}
