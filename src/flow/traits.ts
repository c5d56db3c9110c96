import type { Context } from "../context.ts";
import { coerceForm } from "../schema/coerce.ts";
import type { IdentitySchema } from "../schema/identity-schema.ts";
import { normalisePhones } from "../schema/normalise-traits.ts";
import { traitAt, withTraitAt } from "../schema/trait-at.ts";
import { nodeNameOf } from "../schema/trait-nodes.ts";
import { validateTraits } from "../schema/validate.ts";
import type { Complaint } from "./strategy.ts";

type Traits = Record<string, unknown>;

/** Submitted traits, judged. */
export interface AcceptedTraits {
  readonly traits: Traits;
  readonly complaints: readonly Complaint[];
  /** What the form shows again, by node name. */
  readonly shown: ReadonlyMap<string, unknown>;
}

/** Reads the traits of a submission: typed by the schema if they came by a form, judged, phone numbers by E.164. */
export function acceptTraits({ call }: Context, schema: IdentitySchema, sent: Traits): AcceptedTraits {
  const typed = withGroups(schema, call.form ? coerceForm(schema, sent) : sent);
  const complaints = validateTraits(schema, typed).map((violation) => ({ ...violation, group: "default" }));
  const shown = new Map<string, unknown>();
  for (const field of schema.fields) {
    const value = traitAt(typed, field.path);
    if (value !== undefined) shown.set(nodeNameOf(field), value);
  }
  return { traits: normalisePhones(schema, typed), complaints, shown };
}

/** Groups of traits are there even if nothing in them was sent, as clients of Kratos know them. */
const withGroups = ({ fields }: IdentitySchema, traits: Traits): Traits =>
  fields.reduce<Traits>((whole, { path }) => {
    const group = path.slice(0, -1);
    return group.length && traitAt(whole, group) === undefined ? withTraitAt(whole, group, {}) : whole;
  }, traits);
