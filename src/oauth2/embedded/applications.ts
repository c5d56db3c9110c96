import { find, remove } from "../../db/query.ts";
import { clientsById } from "./clients.ts";
import type { ClientRow } from "./clients.ts";
import { oauth2Objects } from "./entities.ts";
import type { Keeper } from "./keeper.ts";
import { openObject } from "./object-store.ts";

/** An application that somebody has let into their account. */
export interface Connected {
  readonly client: ClientRow;
  readonly scopes: readonly string[];
  readonly since: Date;
}

/** As many as are shown; who has let in more sees the first. */
const most = 500;

/** The applications that somebody has let in, the first one first. Those whose client is gone are none any more. */
export async function connectedApplications(keeper: Keeper, identityId: string): Promise<readonly Connected[]> {
  const grants = await find(keeper, oauth2Objects, (query) =>
    query.where("identityId", "=", identityId).where("model", "=", "Grant").orderBy("id").limit(most),
  );
  const byClient = Map.groupBy(grants, ({ clientId }) => clientId!);
  const clients = await clientsById(keeper, [...byClient.keys()]);
  return clients
    .map((client) => {
      const own = byClient.get(client.clientId)!;
      return { client, scopes: [...new Set(own.flatMap((row) => scopesIn(keeper, row)))], since: own[0]!.createdAt };
    })
    .toSorted((one, other) => one.since.getTime() - other.since.getTime());
}

/** Shuts an application out of an account, and tells whether it was in. */
export const disconnect = async (keeper: Keeper, identityId: string, clientId: string): Promise<boolean> =>
  (await remove(keeper, oauth2Objects, (query) =>
    query.where("identityId", "=", identityId).where("clientId", "=", clientId),
  )) > 0;

interface StoredGrant {
  readonly openid?: { readonly scope?: string };
  readonly resources?: Readonly<Record<string, string>>;
}

function scopesIn(keeper: Keeper, row: Parameters<typeof openObject>[1]): readonly string[] {
  const { openid, resources = {} } = (openObject(keeper, row) ?? {}) as StoredGrant;
  return [openid?.scope ?? "", ...Object.values(resources)].flatMap((scopes) => scopes.split(" ").filter(Boolean));
}
