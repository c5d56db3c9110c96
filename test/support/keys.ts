import assert from "node:assert/strict";
import { Authenticator } from "./authenticator.ts";
import type { Twist } from "./authenticator.ts";
import { csrfTokenOf } from "./client.ts";
import type { Client, Json } from "./client.ts";
import { mergeTrees, personSchema } from "./config.ts";
import type { ConfigTree } from "./config.ts";
import type { TestServer } from "./server.ts";

/** Where the pages of tests live. */
export const appOrigin = "http://app.example.org";

const rp = { id: "example.org", display_name: "Example", origins: [appOrigin] };

/** People whose address names them to security keys and passkeys too. */
const keySchema = structuredClone(personSchema) as Json;
keySchema.properties.traits.properties.email["ory.sh/kratos"].credentials = {
  password: { identifier: true },
  webauthn: { identifier: true },
  passkey: { display_name: true },
};

/** A configuration with passkeys and security keys, which differs as told. */
export const keyConfig = (changes: ConfigTree = {}): ConfigTree =>
  mergeTrees(
    {
      identity: {
        default_schema_id: "person",
        schemas: [{ id: "person", url: `base64://${Buffer.from(JSON.stringify(keySchema)).toString("base64")}` }],
      },
      session: { whoami: { required_aal: "aal1" } },
      selfservice: {
        methods: {
          passkey: { enabled: true, config: { rp } },
          webauthn: { enabled: true, config: { passwordless: false, rp } },
        },
        flows: {
          registration: {
            after: { passkey: { hooks: [{ hook: "session" }] }, webauthn: { hooks: [{ hook: "session" }] } },
          },
          settings: { ui_url: `${appOrigin}/settings`, required_aal: "aal1" },
        },
      },
    },
    changes,
  );

/** An authenticator in a browser that shows the pages of tests. */
export const newAuthenticator = () => new Authenticator(appOrigin);

/** The value of a node; undefined where there is none. */
export const valueOf = (flow: Json, name: string): Json =>
  flow.ui.nodes.find((node: Json) => node.attributes.name === name)?.attributes.value;

/** The names of nodes, in their order. */
export const nodeNames = (flow: Json): string[] =>
  flow.ui.nodes.map((node: Json) => node.attributes.name ?? node.attributes.id);

/** Begins a flow. */
export async function begin(client: Client, kind: string, query = "", type = "browser"): Promise<Json> {
  const { status, body } = await client.get(`/self-service/${kind}/${type}${query}`, { accept: "application/json" });
  assert.equal(status, 200, JSON.stringify(body));
  return body;
}

/** Submits a flow as a single-page app does. */
export const submit = (client: Client, kind: string, flow: Json, body: object) =>
  client.post(`/self-service/${kind}?flow=${flow.id}`, { csrf_token: csrfTokenOf(flow), ...body });

/** Who is signed in; undefined for nobody. */
export async function whoami(client: Client): Promise<Json> {
  const { status, body } = await client.get("/sessions/whoami");
  return status === 200 ? body : undefined;
}

/** Signs a new person up with a passkey. */
export async function signUpWithPasskey(client: Client, key: Authenticator, email: string, twist: Twist = {}) {
  const flow = await begin(client, "registration");
  const { credentialOptions } = JSON.parse(valueOf(flow, "passkey_create_data"));
  return submit(client, "registration", flow, {
    method: "passkey",
    traits: { email },
    passkey_register: key.create(credentialOptions, twist),
  });
}

/** Signs a new person up with a security key alone. */
export async function signUpWithKey(client: Client, key: Authenticator, email: string) {
  const flow = await begin(client, "registration");
  const options = JSON.parse(valueOf(flow, "webauthn_register_trigger"));
  return submit(client, "registration", flow, {
    method: "webauthn",
    traits: { email },
    webauthn_register: key.create(options),
    webauthn_register_displayname: "first",
  });
}

/** Signs somebody in with a passkey. */
export async function signInWithPasskey(client: Client, key: Authenticator, twist: Twist = {}) {
  const flow = await begin(client, "login");
  return submit(client, "login", flow, {
    method: "passkey",
    passkey_login: key.get(JSON.parse(valueOf(flow, "passkey_challenge")), twist),
  });
}

const password = "correct-horse-battery-9";

/** A single-page app in which a new person is signed in by password. */
export async function signedIn(server: TestServer, email: string): Promise<Client> {
  await server.createPerson({ email, password });
  return signInByPassword(server, email);
}

/** Another single-page app, in which somebody who is there already signs in by password. */
export async function signInByPassword(server: TestServer, email: string): Promise<Client> {
  const client = server.spa();
  const answer = await submit(client, "login", await begin(client, "login"), {
    method: "password",
    identifier: email,
    password,
  });
  assert.equal(answer.status, 200, JSON.stringify(answer.body));
  return client;
}

/** Adds a security key in the settings of whoever is signed in. */
export async function addKey(client: Client, key: Authenticator, name: string, twist: Twist = {}) {
  const flow = await begin(client, "settings");
  const options = JSON.parse(valueOf(flow, "webauthn_register_trigger"));
  return submit(client, "settings", flow, {
    method: "webauthn",
    webauthn_register: key.create(options, twist),
    webauthn_register_displayname: name,
  });
}

/** Adds a passkey in the settings of whoever is signed in. */
export async function addPasskey(client: Client, key: Authenticator, twist: Twist = {}) {
  const flow = await begin(client, "settings");
  const options = JSON.parse(valueOf(flow, "passkey_create_data"));
  return submit(client, "settings", flow, { method: "passkey", passkey_settings_register: key.create(options, twist) });
}
