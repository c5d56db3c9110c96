import assert from "node:assert/strict";
import { inChromium } from "../support/chromium.ts";
import { addAuthenticator } from "../support/virtual-authenticator.ts";
import { appOrigin, idOrigin, visit } from "../support/website.ts";

const ada = { email: "ada@example.org", password: "correct horse battery" };

const cors = (...allowed_origins: string[]) => ({ enabled: true, allowed_origins });

/** Signs up, in and out by the SDK, as a script of a page would; runs in the browser. */
async function signUpInAndOut({ id, email, password }: { id: string; email: string; password: string }) {
  const { createConnectTransport } = await import("@connectrpc/connect-web");
  const { createPublicClients, OstiaryError, ErrorReason } = await import("@ostiary/sdk");
  const transport = createConnectTransport({
    baseUrl: id,
    fetch: (input, init) => fetch(input, { ...init, credentials: "include" }),
  });
  const { login, logout, registration, session } = createPublicClients(transport);
  type Nodes = NonNullable<
    NonNullable<Awaited<ReturnType<typeof login.createBrowserLoginFlow>>["flow"]>["ui"]
  >["nodes"];
  const csrfTokenOf = (nodes: Nodes) => {
    const node = nodes
      .map(({ attributes }) => attributes!.nodeType)
      .find((one) => one.case === "input" && one.value.name === "csrf_token");
    return node?.case === "input" && node.value.value?.kind.case === "stringValue" ? node.value.value.kind.value : "";
  };
  const who = async () => (await session.toSession({})).session?.identity?.traits?.["email"];

  const { flow: signUp } = await registration.createBrowserRegistrationFlow({});
  const traits = { email };
  await registration.updateRegistrationFlow({
    flow: signUp!.id,
    submission: {
      csrfToken: csrfTokenOf(signUp!.ui!.nodes),
      method: { case: "password", value: { traits, password } },
    },
  });
  const registered = await who();

  const { logoutToken } = await logout.createBrowserLogoutFlow({});
  await logout.updateLogoutFlow({ token: logoutToken });
  const afterwards = await who().catch((thrown) => ErrorReason[OstiaryError.from(thrown).reason]);

  const { flow } = await login.createBrowserLoginFlow({});
  const csrfToken = csrfTokenOf(flow!.ui!.nodes);
  const signIn = (attempt: string) =>
    login.updateLoginFlow({
      flow: flow!.id,
      submission: { csrfToken, method: { case: "password", value: { identifier: email, password: attempt } } },
    });
  const wrong = await signIn("wrong").catch((thrown) => OstiaryError.from(thrown).flow?.ui?.messages[0]?.id);
  const { sessionToken } = await signIn(password);
  return { registered, afterwards, wrong, sessionToken, signedIn: await who() };
}

inChromium("the SDK registers, signs out and in over Connect from a page of an allowed origin", async (t) => {
  const { page } = await visit(t, { serve: { public: { cors: cors(appOrigin) } } });
  await page.goto(`${appOrigin}/script`);
  assert.deepEqual(await page.evaluate(signUpInAndOut, { id: idOrigin, ...ada }), {
    registered: ada.email,
    afterwards: "SESSION_REQUIRED",
    wrong: 4000006,
    sessionToken: undefined,
    signedIn: ada.email,
  });
});

inChromium("a page of another origin is not answered", async (t) => {
  const { page } = await visit(t, { serve: { public: { cors: cors("http://other.example.localhost") } } });
  await page.goto(`${appOrigin}/script`);
  await assert.rejects(page.evaluate(signUpInAndOut, { id: idOrigin, ...ada }), /Failed to fetch/);
});

inChromium("a page may make a security key of the site's name", async (t) => {
  const { page } = await visit(t);
  await page.goto(`${appOrigin}/script`);
  const key = await addAuthenticator(page);
  const type = await page.evaluate(async () => {
    const [challenge, id] = [crypto.getRandomValues(new Uint8Array(16)), crypto.getRandomValues(new Uint8Array(16))];
    const made = await navigator.credentials.create({
      publicKey: {
        challenge,
        rp: { id: "example.localhost", name: "Site" },
        user: { id, name: "ada", displayName: "Ada" },
        pubKeyCredParams: [{ type: "public-key", alg: -7 }],
      },
    });
    return made?.type;
  });
  assert.equal(type, "public-key");
  assert.equal((await key.credentials()).length, 1);
});
