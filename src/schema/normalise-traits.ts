import type { IdentitySchema } from "./identity-schema.ts";
import { normalisePhone } from "./normalise.ts";
import { traitAt, withTraitAt } from "./trait-at.ts";

type Traits = Record<string, unknown>;

/** Traits with their phone numbers written by E.164; what is no phone number stays as it is. */
export const normalisePhones = ({ fields }: IdentitySchema, traits: Traits): Traits =>
  fields.reduce<Traits>((whole, { path, format }) => {
    const value = format === "tel" ? traitAt(whole, path) : undefined;
    const phone = typeof value === "string" ? normalisePhone(value) : undefined;
    return phone ? withTraitAt(whole, path, phone) : whole;
  }, traits);
