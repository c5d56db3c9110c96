import { emailTrait, encoded } from "../support/config.ts";
import type { ConfigTree } from "../support/config.ts";
import type { Answer, Json } from "../support/client.ts";
import type { TestServer } from "../support/server.ts";

const schema = {
  properties: {
    traits: {
      type: "object",
      properties: {
        email: emailTrait,
        name: { type: "string", "ory.sh/kratos": { credentials: { password: { identifier: true } } } },
      },
      additionalProperties: false,
    },
  },
};

/** Members sign in by an address or by a name of any letters. */
export const members: { readonly config: ConfigTree } = {
  config: { identity: { default_schema_id: "member", schemas: [{ id: "member", url: encoded(schema) }] } },
};

/** Makes an account; the answer, whatever it is. */
export const make = (server: TestServer, traits: Json, more: object = {}): Promise<Answer> =>
  server.adminClient.post("/admin/identities", { schema_id: "member", traits, ...more });

/** Makes an account that is wanted. */
export async function made(server: TestServer, traits: Json, more: object = {}): Promise<Json> {
  const { status, body } = await make(server, traits, more);
  if (status !== 201) throw new Error(`${status}: ${JSON.stringify(body)}`);
  return body;
}

/** Changes an account by a JSON patch. */
export const patch = (server: TestServer, id: string, ...operations: object[]): Promise<Answer> =>
  server.admin("PATCH", `/admin/identities/${id}`, { json: operations });
