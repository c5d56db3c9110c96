import type { Client, ResourceServer } from "oidc-provider";
import { InvalidTarget } from "./errors.ts";

/** An API may be asked for by a client that names it among its `audience`. Its tokens hold what scopes the client may have. */
export const resources = (usual: "opaque" | "jwt") => ({
  enabled: true,
  getResourceServerInfo(_ctx: unknown, resource: string, client: Client): ResourceServer {
    const audience = client["audience"] as readonly string[] | undefined;
    if (!audience?.includes(resource)) throw new InvalidTarget("the client may not ask for this resource");
    return {
      scope: client.scope ?? "",
      audience: resource,
      accessTokenFormat: (client["access_token_strategy"] as "opaque" | "jwt" | undefined) ?? usual,
    };
  },
});
