import assert from "node:assert/strict";
import { Client } from "../support/client.ts";
import type { Json, RequestOptions } from "../support/client.ts";
import type { TestServer } from "../support/server.ts";

/** A tenant as its clients and its administrators reach it. */
export interface TenantWorld {
  readonly id: string;
  readonly host: string;
  readonly headers: { readonly host: string };
  /** Who administers it. */
  readonly named: { readonly "x-tenant": string };
  get(path: string, options?: RequestOptions): ReturnType<Client["send"]>;
  post(path: string, json?: unknown, options?: RequestOptions): ReturnType<Client["send"]>;
  admin(method: string, path: string, json?: unknown): ReturnType<Client["send"]>;
}

/** Makes a tenant that is called by a host name of its own. */
export async function makeTenant(server: TestServer, slug: string, config: Json = {}): Promise<TenantWorld> {
  const host = `${slug}.example`;
  const { status, body } = await server.adminClient.post("/admin/tenants", { slug, hosts: [host], config });
  assert.equal(status, 201, JSON.stringify(body));
  return worldOf(server, body.id, host);
}

/** A tenant that is there already. */
export function worldOf(server: TestServer, id: string, host: string): TenantWorld {
  const headers = { host };
  const named = { "x-tenant": id };
  const native = new Client(server.publicUrl);
  const withHost = (options: RequestOptions = {}) => ({ ...options, headers: { ...headers, ...options.headers } });
  return {
    id,
    host,
    headers,
    named,
    get: (path, options) => native.get(path, withHost(options)),
    post: (path, json, options) => native.post(path, json, withHost(options)),
    admin: (method, path, json) =>
      server.adminClient.send(method, path, { headers: named, ...(json !== undefined && { json }) }),
  };
}

/** Makes an account in a tenant. */
export async function makePerson(
  tenant: TenantWorld,
  email: string,
  password: string,
  schema_id = "person",
): Promise<Json> {
  const { status, body } = await tenant.admin("POST", "/admin/identities", {
    schema_id,
    traits: { email },
    credentials: { password: { config: { password } } },
  });
  assert.equal(status, 201, JSON.stringify(body));
  return body;
}

/** Signs somebody in natively; undefined where the password is not theirs. */
export async function signIn(tenant: TenantWorld, identifier: string, password: string): Promise<Json | undefined> {
  const { body: flow } = await tenant.get("/self-service/login/api");
  const { status, body } = await tenant.post(flow.ui.action, { method: "password", identifier, password });
  return status === 200 ? body : undefined;
}
