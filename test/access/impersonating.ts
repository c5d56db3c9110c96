import assert from "node:assert/strict";
import type { Answer, Client } from "../support/client.ts";
import type { TestServer } from "../support/server.ts";
import { bearer } from "./locked.ts";

/** What lets administrators sign in as people. */
export const impersonation = { enabled: true };

/** Why support signs in as people, in tests that do not care. */
export const why = "Ticket 4711: the invoice does not show";

/** A program that calls the admin API. */
export interface Caller {
  readonly id: string;
  readonly headers: Record<string, string>;
}

/** An API key with scopes. */
export async function caller(
  server: TestServer,
  scopes: readonly string[] = ["identities.impersonate"],
  tenant: Record<string, string> = {},
): Promise<Caller> {
  const { status, body } = await server.adminClient.post(
    "/admin/api-keys",
    { name: "support", scopes },
    { headers: tenant },
  );
  assert.equal(status, 201, JSON.stringify(body));
  return { id: body.api_key.id, headers: { ...tenant, ...bearer(body.secret) } };
}

/** Asks for a link that signs a browser in as somebody. */
export const ask = (
  server: TestServer,
  { headers }: Pick<Caller, "headers">,
  id: string,
  more: object = {},
): Promise<Answer> =>
  server.admin("POST", `/admin/identities/${id}/impersonation`, { json: { reason: why, ...more }, headers });

/** The link that signs a browser in as somebody. */
export async function linkFor(server: TestServer, by: Caller, id: string, more: object = {}): Promise<string> {
  const { status, body, headers } = await ask(server, by, id, more);
  assert.equal(status, 201, JSON.stringify(body));
  assert.match(headers.get("cache-control") ?? "", /no-store/);
  return body.impersonation_link;
}

/** A browser of support's that is signed in as somebody. */
export async function supportIn(server: TestServer, by: Caller, id: string, more: object = {}): Promise<Client> {
  const browser = server.spa();
  const opened = await browser.get(await linkFor(server, by, id, more));
  assert.equal(opened.status, 200, JSON.stringify(opened.body));
  return browser;
}

/** Who a browser is signed in as. */
export const whoami = (browser: Client): Promise<Answer> =>
  browser.get("/sessions/whoami", { accept: "application/json" });
