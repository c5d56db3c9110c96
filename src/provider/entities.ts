import { defineEntity, p } from "@mikro-orm/core";
import { identified, json, longText } from "../db/columns.ts";
import { tableOf } from "../db/table.ts";

/** Describes the table `oidc_providers`. */
export const OidcProviderSchema = defineEntity({
  name: "OidcProvider",
  tableName: "oidc_providers",
  uniques: [{ name: "oidc_providers_nid_name_unique", properties: ["nid", "name"] }],
  properties: {
    ...identified,
    // The provider's id, as configurations and URLs have it.
    name: p.string().length(64),
    config: json<Record<string, unknown>>(),
    secrets: longText().strictNullable(),
  },
});

/** A provider that people sign in at, as it would stand in the file, without its secrets. Those are sealed, in one document. */
export const oidcProviders = tableOf(OidcProviderSchema);
