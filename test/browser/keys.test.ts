import assert from "node:assert/strict";
import type { Page } from "playwright-core";
import { addAuthenticator, inChromium } from "../support/chromium.ts";
import { mergeTrees } from "../support/config.ts";
import type { ConfigTree } from "../support/config.ts";
import { keyConfig } from "../support/keys.ts";
import { appOrigin, idOrigin, visit } from "../support/website.ts";

const email = "ada@example.org";
const rp = { id: "example.localhost", display_name: "Site", origins: [appOrigin] };

const configOf = (passwordless: boolean): ConfigTree =>
  mergeTrees(keyConfig(), {
    selfservice: {
      methods: { passkey: { config: { rp } }, webauthn: { config: { rp, passwordless } } },
      flows: { settings: { ui_url: `${appOrigin}/settings` } },
    },
  });

const open = (page: Page, kind: string, query = "") => page.goto(`${idOrigin}/self-service/${kind}/browser${query}`);

/** Waits until the site knows who somebody is, which is after the script has submitted the form. */
const who = async (page: Page) => {
  await page.waitForURL(`${appOrigin}/`);
  return page.textContent("#who");
};

const level = (page: Page) =>
  page.evaluate(
    (url) => fetch(url, { credentials: "include" }).then(async (answer) => (await answer.json()).authenticator_assurance_level),
    `${idOrigin}/sessions/whoami`,
  );

const cors = { serve: { public: { cors: { enabled: true, allowed_origins: [appOrigin] } } } };

inChromium("a person signs up and in with a passkey, by plain HTML forms and the script", async (t) => {
  const { page } = await visit(t, configOf(false));
  const key = await addAuthenticator(page);
  await open(page, "registration");
  await page.fill("[name='traits.email']", email);
  await page.click("[name=passkey_register_trigger]");
  assert.equal(await who(page), email);
  assert.equal((await key.credentials()).length, 1);

  // The browser of the test picks a passkey that it may offer where the name is typed: no click is needed.
  await page.click("#logout");
  await open(page, "login");
  assert.equal(await who(page), email);

  await page.click("#logout");
  await page.addInitScript(() => void (PublicKeyCredential.isConditionalMediationAvailable = async () => false));
  await open(page, "login");
  await page.click("[name=passkey_login_trigger]");
  assert.equal(await who(page), email);
});

inChromium("the script needs no inline code: a page with a strict content security policy works as well", async (t) => {
  const { page } = await visit(t, configOf(false));
  await page.route(`${appOrigin}/**`, async (route) => {
    const response = await route.fetch();
    await route.fulfill({ response, headers: { ...response.headers(), "content-security-policy": `script-src ${idOrigin}` } });
  });
  await addAuthenticator(page);
  await open(page, "registration");
  await page.fill("[name='traits.email']", email);
  await page.click("[name=passkey_register_trigger]");
  assert.equal(await who(page), email);
});

inChromium("a person adds a security key, and signs in by password and key", async (t) => {
  const { page, server } = await visit(t, mergeTrees(configOf(false), cors));
  await server.createPerson({ email, password: "correct horse battery" });
  await addAuthenticator(page, { protocol: "u2f", transport: "usb", hasResidentKey: false, hasUserVerification: false });
  const signIn = async () => {
    await open(page, "login");
    await page.fill("[name=identifier]", email);
    await page.fill("[name=password]", "correct horse battery");
    await page.click("button[value=password]");
  };
  await signIn();
  await open(page, "settings");
  await page.fill("[name=webauthn_register_displayname]", "blue key");
  await page.click("[name=webauthn_register_trigger]");
  await page.waitForSelector("[name=webauthn_remove]");
  assert.match((await page.textContent("[name=webauthn_remove]"))!, /blue key/);

  await page.context().clearCookies();
  await signIn();
  assert.equal(await level(page), "aal1");
  await open(page, "login", "?aal=aal2");
  await page.click("[name=webauthn_login_trigger]");
  assert.equal(await who(page), email);
  assert.equal(await level(page), "aal2");
});

inChromium("a person signs up and in with a security key alone", async (t) => {
  const { page } = await visit(t, configOf(true));
  await addAuthenticator(page, { transport: "usb", hasResidentKey: false, hasUserVerification: false });
  await open(page, "registration");
  await page.fill("[name='traits.email']", email);
  await page.fill("[name=webauthn_register_displayname]", "blue key");
  await page.click("[name=webauthn_register_trigger]");
  assert.equal(await who(page), email);

  await page.click("#logout");
  await open(page, "login");
  await page.fill("[name=identifier]", email);
  await page.click("button[name=method][value=webauthn]");
  await page.click("[name=webauthn_login_trigger]");
  assert.equal(await who(page), email);
});

/** Signs up and in with a passkey by the SDK, as a script of a page would; runs in the browser. */
async function signUpAndIn({ id, email }: { id: string; email: string }) {
  const { createConnectTransport } = await import("@connectrpc/connect-web");
  const { createPublicClients } = await import("@ostiary/sdk");
  const { startAuthentication, startRegistration } = await import("@simplewebauthn/browser");
  const transport = createConnectTransport({ baseUrl: id, fetch: (input, init) => fetch(input, { ...init, credentials: "include" }) });
  const { login, logout, registration, session } = createPublicClients(transport);
  type Nodes = NonNullable<NonNullable<Awaited<ReturnType<typeof login.createBrowserLoginFlow>>["flow"]>["ui"]>["nodes"];
  const valueOf = (nodes: Nodes, name: string) => {
    const node = nodes.map(({ attributes }) => attributes!.nodeType).find((one) => one.case === "input" && one.value.name === name);
    return node?.case === "input" && node.value.value?.kind.case === "stringValue" ? node.value.value.kind.value : "";
  };
  const { flow: signUp } = await registration.createBrowserRegistrationFlow({});
  const { nodes } = signUp!.ui!;
  const made = await startRegistration({ optionsJSON: JSON.parse(valueOf(nodes, "passkey_create_data")).credentialOptions.publicKey });
  await registration.updateRegistrationFlow({
    flow: signUp!.id,
    submission: {
      csrfToken: valueOf(nodes, "csrf_token"),
      method: { case: "passkey", value: { traits: { email }, passkeyRegister: JSON.stringify(made) } },
    },
  });
  const { logoutToken } = await logout.createBrowserLogoutFlow({});
  await logout.updateLogoutFlow({ token: logoutToken });

  const { flow } = await login.createBrowserLoginFlow({});
  const asked = flow!.ui!.nodes;
  const signed = await startAuthentication({ optionsJSON: JSON.parse(valueOf(asked, "passkey_challenge")).publicKey });
  await login.updateLoginFlow({
    flow: flow!.id,
    submission: { csrfToken: valueOf(asked, "csrf_token"), method: { case: "passkey", value: { passkeyLogin: JSON.stringify(signed) } } },
  });
  const { session: current } = await session.toSession({});
  return { who: current?.identity?.traits?.["email"], methods: current?.authenticationMethods.map(({ method }) => method) };
}

inChromium("the SDK signs up and in with a passkey over Connect", async (t) => {
  const headers = ["Content-Type", "Connect-Protocol-Version", "X-Session-Token"];
  const open = { serve: { public: { cors: { enabled: true, allowed_origins: [appOrigin], allowed_headers: headers } } } };
  const { page } = await visit(t, mergeTrees(configOf(false), open));
  await page.goto(`${appOrigin}/script`);
  await addAuthenticator(page);
  assert.deepEqual(await page.evaluate(signUpAndIn, { id: idOrigin, email }), { who: email, methods: ["passkey"] });
});
