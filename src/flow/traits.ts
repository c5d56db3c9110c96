import type { Context } from "../context.ts";
import { mergeTraits } from "../provider/merge-traits.ts";
import type { IdentitySchema } from "../schema/identity-schema.ts";
import { normalisePhones } from "../schema/normalise-traits.ts";
import { readRefusedTexts } from "../schema/refused-text.ts";
import { traitAt, withTraitAt } from "../schema/trait-at.ts";
import { nodeNameOf } from "../schema/trait-nodes.ts";
import { typeTexts } from "../schema/typed-text.ts";
import { validateTraits } from "../schema/validate.ts";
import type { Complaint } from "./results.ts";

type Traits = Record<string, unknown>;

/** Submitted traits, judged. */
export interface AcceptedTraits {
  readonly traits: Traits;
  readonly complaints: readonly Complaint[];
  /** What the form shows again, by node name. */
  readonly shown: ReadonlyMap<string, unknown>;
}

/** The traits of a submission: what came by the names of a form is typed by the schema, and so is other text that it would refuse. */
export function typedTraits({ call }: Context, schema: IdentitySchema, sent: Traits): Traits {
  const texts = call.texts.filter(([first, ...rest]) => first === "traits" && rest.length > 0);
  return readRefusedTexts(
    schema,
    texts.length
      ? typeTexts(
          schema,
          sent,
          texts.map(([, ...path]) => path),
        )
      : sent,
  );
}

/** Reads the traits of a submission: typed, judged, phone numbers by E.164. What is fixed takes the place of what was sent. */
export function acceptTraits(ctx: Context, schema: IdentitySchema, sent: Traits, fixed: Traits = {}): AcceptedTraits {
  const typed = withGroups(schema, mergeTraits(typedTraits(ctx, schema, sent), fixed));
  const complaints = validateTraits(schema, typed).map((violation) => ({ ...violation, group: "default" }));
  const shown = new Map<string, unknown>();
  for (const field of schema.fields) {
    const value = traitAt(typed, field.path);
    if (value !== undefined) shown.set(nodeNameOf(field), value);
  }
  return { traits: normalisePhones(schema, typed), complaints, shown };
}

/** Groups of traits are there even if nothing in them was sent, as clients of Kratos know them. */
const withGroups = ({ groups }: IdentitySchema, traits: Traits): Traits =>
  groups.reduce<Traits>(
    (whole, group) => (traitAt(whole, group) === undefined ? withTraitAt(whole, group, {}) : whole),
    traits,
  );
