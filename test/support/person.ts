import assert from "node:assert/strict";
import { csrfTokenOf } from "./client.ts";
import type { Answer, Client, Json } from "./client.ts";
import type { TestServer } from "./server.ts";

/** The password of everybody in tests that do not care. */
export const password = "correct-horse-battery-9";

/** Somebody who is signed in natively. */
export interface Person {
  readonly id: string;
  readonly email: string;
  readonly headers: { "x-session-token": string };
}

/** Makes an account and signs its owner in natively. */
export async function signedIn(server: TestServer, email = "pat@example.org"): Promise<Person> {
  const { id } = await server.createPerson({ email, password });
  return { id, email, headers: await signInNatively(server, email) };
}

/** Signs somebody in natively, by password. */
export async function signInNatively(server: TestServer, email: string): Promise<Person["headers"]> {
  const { body: flow } = await server.native.get("/self-service/login/api");
  const answer = await server.native.post(flow.ui.action, { method: "password", identifier: email, password });
  assert.equal(answer.status, 200, JSON.stringify(answer.body));
  return { "x-session-token": answer.body.session_token };
}

/** Begins a flow natively. */
export async function begin(
  server: TestServer,
  kind: string,
  headers: Record<string, string>,
  query = "",
): Promise<Json> {
  const { status, body } = await server.native.get(`/self-service/${kind}/api${query}`, { headers });
  assert.equal(status, 200, JSON.stringify(body));
  return body;
}

/** Submits to a flow natively. */
export const submit = (
  server: TestServer,
  flow: Json,
  body: object,
  headers: Record<string, string>,
): Promise<Answer> => server.native.post(flow.ui.action, body, { headers });

/** Begins a flow in a browser and submits to it, both as a single-page app does. */
export async function submitIn(app: Client, kind: string, body: object, query = ""): Promise<Answer> {
  const { body: flow } = await app.get(`/self-service/${kind}/browser${query}`, { accept: "application/json" });
  return app.post(flow.ui.action, { ...body, csrf_token: csrfTokenOf(flow) }, { accept: "application/json" });
}

/** A node of a form, by its name or id. */
export const nodeOf = (flow: Json, name: string): Json =>
  flow.ui.nodes.find(({ attributes }: Json) => attributes.name === name || attributes.id === name);

/** Does a thing many times at once. */
export const atOnce = <T>(times: number, act: (index: number) => Promise<T>): Promise<T[]> =>
  Promise.all(Array.from({ length: times }, (_, index) => act(index)));
