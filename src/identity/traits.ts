import type { Context } from "../context.ts";
import { ErrorReason, problem } from "../errors.ts";
import type { IdentitySchema } from "../schema/identity-schema.ts";
import { normalisePhones } from "../schema/normalise-traits.ts";
import { schemasOf } from "../schema/schemas.ts";
import { validateTraits } from "../schema/validate.ts";

type Traits = Record<string, unknown>;

/** Traits that their schema has nothing against, in the form in which they are stored. */
export interface IdentityTraits {
  readonly schema: IdentitySchema;
  readonly traits: Traits;
}

/** Judges the traits that an administrator wrote, by the schema of that id or else the default one. */
export async function acceptIdentityTraits(ctx: Context, schemaId: string, traits: unknown): Promise<IdentityTraits> {
  const schemas = schemasOf(ctx);
  const schema = await (schemaId ? schemas.get(schemaId) : schemas.default());
  const violations = validateTraits(schema, traits);
  if (violations.length > 0)
    throw problem(ErrorReason.BAD_REQUEST, {
      reason: `The traits do not match the schema ${schema.id}. ${violations.map(({ node, message }) => `${node}: ${message.text}`).join(" ")}`,
    });
  return { schema, traits: normalisePhones(schema, traits as Traits) };
}
