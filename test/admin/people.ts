import type { TestContext } from "node:test";
import type { ConfigTree } from "../support/config.ts";
import { startServer } from "../support/server.ts";
import type { Answer, Json } from "../support/client.ts";

const flagged = {
  credentials: { password: { identifier: true }, code: { identifier: true, via: "email" } },
  verification: { via: "email" },
  recovery: { via: "email" },
};

const schema = {
  type: "object",
  properties: {
    traits: {
      type: "object",
      properties: {
        email: { type: "string", format: "email", "ory.sh/kratos": flagged },
        age: { type: "integer", minimum: 13 },
        plan: { type: "string" },
        name: { type: "string", "ory.sh/kratos": { credentials: { password: { identifier: true } } } },
      },
      anyOf: [{ required: ["email"] }, { required: ["name"] }],
      additionalProperties: false,
    },
  },
};

const config = {
  identity: {
    default_schema_id: "member",
    schemas: [{ id: "member", url: `base64://${Buffer.from(JSON.stringify(schema)).toString("base64")}` }],
  },
};

/** A server whose members have an address or a name, and the few things that these tests ask of it. */
export async function startAdmin(t: TestContext, changes: ConfigTree = {}) {
  const server = await startServer(t, { config: { ...config, ...changes } });
  const admin = (method: string, path: string, json?: unknown): Promise<Answer> =>
    server.admin(method, `/admin${path}`, json === undefined ? {} : { json });
  return {
    ...server,
    admin,
    /** Makes a member, and answers what the server answered. */
    async member(email: string, more: object = {}): Promise<Json> {
      const { body } = await admin("POST", "/identities", { traits: { email }, ...more });
      return body;
    },
    /** Signs a member in, and answers the session with its token. */
    async signIn(identifier: string, password: string): Promise<Json> {
      const flow = await server.public("GET", "/self-service/login/api", {});
      const json = { method: "password", identifier, password };
      const { body } = await server.public("POST", `/self-service/login?flow=${flow.body.id}`, { json });
      return body;
    },
  };
}

/** A password to import in the clear. */
export const withPassword = (password: string) => ({ credentials: { password: { config: { password } } } });
