import assert from "node:assert/strict";
import { Client, csrfTokenOf } from "../support/client.ts";
import type { Answer } from "../support/client.ts";
import { password } from "../support/person.ts";
import type { TestServer } from "../support/server.ts";

/** A browser on two hosts: each has its own cookies, and none of the other's. */
export interface TwoPorts {
  readonly console: Client;
  readonly people: Client;
}

/** What the scripts of the console send along. */
export const byConsole = { "x-ostiary-console": "1", "sec-fetch-site": "same-origin" };

/** Opens a browser. */
export const openBrowser = (server: TestServer): TwoPorts => ({
  console: new Client(server.adminUrl, "html"),
  people: server.browser(),
});

/** Signs somebody in at the public port, with a password. */
export async function signInAt({ people }: TwoPorts, identifier: string): Promise<void> {
  const accept = "application/json";
  const { body: flow } = await people.get("/self-service/login/browser", { accept });
  const form = { method: "password", identifier, password, csrf_token: csrfTokenOf(flow) };
  const { status, body } = await people.post(flow.ui.action, form, { accept });
  assert.equal(status, 200, JSON.stringify(body));
}

/** Begins to sign in to the console; answers where the public port sends the browser. */
export async function beginAt({ console, people }: TwoPorts, query = ""): Promise<Answer> {
  const begun = await console.get(`/admin/console/sign-in${query}`);
  assert.equal(begun.status, 303, JSON.stringify(begun.body));
  assert.match(begun.location!, /^http:\/\/id\.example\.org\/self-service\/console\?request=/);
  return people.get(begun.location!);
}

/** Signs somebody in to the console who is signed in at the public port; answers where the browser is sent. */
export async function enter(browser: TwoPorts, query = ""): Promise<Answer> {
  const handed = await beginAt(browser, query);
  assert.equal(handed.status, 303, JSON.stringify(handed.body));
  assert.match(handed.location!, /^http:\/\/admin\.example\.org\/admin\/console\/callback\?code=/);
  return browser.console.get(handed.location!);
}

/** Who is signed in to the console, as its scripts ask. */
export const askWho = ({ console }: TwoPorts): Promise<Answer> =>
  console.get("/admin/console/session", { accept: "application/json", headers: { "sec-fetch-site": "same-origin" } });
