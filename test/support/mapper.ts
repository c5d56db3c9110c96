import type { Context } from "../../src/context.ts";
import { mapClaims } from "../../src/provider/map-claims.ts";
import type { MappedAccount, MappedIdentity } from "../../src/provider/map-claims.ts";
import { configOf } from "./config.ts";
import type { ConfigTree } from "./config.ts";

/** A program as an address. */
export const written = (program: string): string => `base64://${Buffer.from(program).toString("base64")}`;

/** Claims of somebody. */
export const adasClaims = { iss: "https://op.example", sub: "7", email: " Ada@Example.org ", name: "Ada Lovelace" };

/** What the mapper of a provider makes of claims. */
export function mapped(
  provider: ConfigTree,
  { claims, account }: { claims?: Record<string, unknown> | undefined; account?: MappedAccount } = {},
): Promise<MappedIdentity> {
  const whole = { id: "op", provider: "generic", client_id: "c", client_secret: "s", ...provider };
  const config = configOf({
    dsn: "memory",
    selfservice: { methods: { oidc: { enabled: true, config: { providers: [whole] } } } },
  });
  const [configured] = config.selfservice.methods.oidc.config.providers;
  return mapClaims({ config } as Context, configured!, { ...adasClaims, ...claims }, account);
}
