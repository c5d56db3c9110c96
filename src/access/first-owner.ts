import type { Context } from "../context.ts";
import { uuidv7 } from "../db/id.ts";
import { identityByAnyName } from "../identity/address-statements.ts";
import { prepareIdentity } from "../identity/prepare.ts";
import { acceptIdentityTraits } from "../identity/traits.ts";
import { createIdentity } from "../identity/write.ts";
import { normaliseIdentifier } from "../schema/normalise.ts";
import { schemasOf } from "../schema/schemas.ts";
import { grantRole } from "./administrators.ts";

/** What came of making somebody an owner. */
export interface MadeOwner {
  readonly identityId: string;
  /** Whether there was no such account before. */
  readonly isNew: boolean;
}

/** Makes whoever has an address an owner, and an account with it where there is none. */
export async function makeOwner(ctx: Context, address: string, traits: Record<string, unknown>): Promise<MadeOwner> {
  const known = await identityByAnyName(ctx, normaliseIdentifier(address));
  const identityId = known?.id ?? (await newIdentity(ctx, address, traits));
  await grantRole(ctx, identityId, "owner");
  return { identityId, isNew: known === undefined };
}

async function newIdentity(ctx: Context, address: string, traits: Record<string, unknown>): Promise<string> {
  const place = await addressTrait(ctx);
  const { schema, traits: accepted } = await acceptIdentityTraits(ctx, "", withAddress(traits, place, address));
  const id = uuidv7(ctx.now().getTime());
  const written = await createIdentity(
    ctx,
    prepareIdentity(ctx, {
      id,
      schema,
      traits: accepted,
      state: "active",
      metadataPublic: null,
      metadataAdmin: null,
      externalId: null,
      organizationId: null,
      region: null,
      verifiableAddresses: [],
      credentials: [],
    }),
    { reason: "admin.create" },
  );
  if (written.kind === "conflict") throw new Error("Another account has this address already.");
  return id;
}

/** The trait of the default schema that holds an e-mail address by which somebody gets in. */
async function addressTrait(ctx: Context): Promise<readonly string[]> {
  const { id, fields } = await schemasOf(ctx).default();
  const found =
    fields.find(({ extension: { recovery } }) => recovery === "email") ??
    fields.find(({ extension: { verification, code } }) => verification === "email" || code === "email") ??
    fields.find(({ extension: { password } }) => password);
  if (!found) throw new Error(`The schema ${id} has no trait by which somebody could sign in.`);
  return found.path;
}

function withAddress(traits: Record<string, unknown>, [step, ...rest]: readonly string[], address: string): object {
  if (step === undefined) return traits;
  if (rest.length === 0) return { ...traits, [step]: address };
  const inner = traits[step];
  const below = typeof inner === "object" && inner !== null ? (inner as Record<string, unknown>) : {};
  return { ...traits, [step]: withAddress(below, rest, address) };
}
