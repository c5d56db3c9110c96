import type { Context } from "../context.ts";
import { changeEvents } from "../identity/change-events.ts";
import type { IdentityWithCredentialsRow } from "../identity/rows.ts";
import { identityById } from "../identity/statements.ts";
import { changeIdentity, prepareChange } from "../identity/write.ts";
import { normalisePhones } from "../schema/normalise-traits.ts";
import { schemasOf } from "../schema/schemas.ts";
import { validateTraits } from "../schema/validate.ts";
import { mapClaims } from "./map-claims.ts";
import type { MappedIdentity } from "./mapped-identity.ts";
import { mergeTraits } from "./merge-traits.ts";
import { ProviderFailure } from "./provider-failure.ts";
import type { Claims, ProviderConfig } from "./provider.ts";

/**
 * An account after its provider has told news of it: what the mapper makes lies over the traits, metadata that it makes takes
 * the place of those before, and addresses that stay keep how far their verification has come. Writes nothing. Throws a
 * `ProviderFailure` where the traits do not obey their schema.
 */
export async function withNews(
  ctx: Context,
  before: IdentityWithCredentialsRow,
  { traits: news, metadata_public, metadata_admin, verified_addresses }: MappedIdentity,
): Promise<IdentityWithCredentialsRow> {
  const schema = await schemasOf(ctx).get(before.schemaId);
  const traits = mergeTraits(before.traits, news);
  const violations = validateTraits(schema, traits);
  if (violations.length > 0)
    throw new ProviderFailure(
      "schema_validate",
      "traits_invalid",
      `The output of the mapper does not match the schema ${JSON.stringify(schema.id)}: ${violations.map(({ node }) => node).join(", ")}.`,
      { status: 500 },
    );
  return prepareChange(ctx, before, {
    schema,
    traits: normalisePhones(schema, traits),
    ...(metadata_public && { metadataPublic: metadata_public }),
    ...(metadata_admin && { metadataAdmin: metadata_admin }),
    verifiableAddresses: verified_addresses.map((address) => ({ ...address, verified: true })),
  });
}

/**
 * Takes over into an account what its provider says of the person now, if that is configured; called when they have been found,
 * before anybody is signed in. Tells whether a name or an address of theirs is somebody else's, so that nothing was written.
 */
export async function updateOnLogin(
  ctx: Context,
  provider: ProviderConfig,
  claims: Claims,
  identityId: string,
): Promise<"done" | "taken"> {
  if (provider.update_identity_on_login !== "automatic") return "done";
  const before = await identityById(ctx, identityId);
  if (before?.state !== "active") return "done";
  const { traits, metadataPublic: metadata_public, metadataAdmin: metadata_admin } = before;
  const news = await mapClaims(ctx, provider, claims, { traits, metadata_public, metadata_admin });
  // As a rule nothing has changed, and nothing is locked.
  if (changeEvents(before, await withNews(ctx, before, news)).length === 0) return "done";
  const written = await changeIdentity(ctx, identityId, { reason: "login.oidc" }, (locked, tx) =>
    withNews(tx, locked, news),
  );
  return written?.kind === "conflict" ? "taken" : "done";
}
