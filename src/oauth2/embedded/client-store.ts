import type { Adapter, AdapterPayload } from "oidc-provider";
import { addClient, clientById, removeClientAlone, replaceClient, secretOf } from "./clients.ts";
import type { Keeper } from "./keeper.ts";

/** Keeps clients in the database, for the provider of a tenant. */
export function clientStore(keeper: Keeper): Adapter {
  const never = async () => undefined;
  return {
    async find(clientId) {
      const row = await clientById(keeper, clientId);
      if (!row) return undefined;
      const secret = secretOf(keeper, row);
      return { ...row.metadata, client_id: row.clientId, ...(secret !== undefined && { client_secret: secret }) };
    },
    /** Clients that register themselves, and change what they have registered (RFC 7591, RFC 7592). */
    async upsert(clientId, payload) {
      const client = { clientId, ...partedOf(payload) };
      if (!(await replaceClient(keeper, client))) await addClient(keeper, client);
    },
    destroy: (clientId) => removeClientAlone(keeper, clientId),
    findByUid: never,
    findByUserCode: never,
    consume: never,
    revokeByGrantId: never,
  };
}

function partedOf({ client_id: _, client_secret: secret, ...metadata }: AdapterPayload) {
  return { metadata, secret };
}
