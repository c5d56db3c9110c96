import type { IdentitySchema } from "./identity-schema.ts";
import { normalisePhone } from "./normalise.ts";
import { traitAt, withTraitAt } from "./trait-at.ts";

type Traits = Record<string, unknown>;

/** Traits with the phone numbers that messages go to written by E.164; what is no phone number stays as it is. */
export const normalisePhones = ({ fields }: IdentitySchema, traits: Traits): Traits =>
  fields.reduce<Traits>((whole, { path, extension: { code, verification, recovery } }) => {
    const value = [code, verification, recovery].includes("sms") ? traitAt(whole, path) : undefined;
    if (typeof value !== "string" && !Array.isArray(value)) return whole;
    return withTraitAt(whole, path, Array.isArray(value) ? value.map(normalised) : normalised(value));
  }, traits);

const normalised = (value: unknown): unknown => (typeof value === "string" ? (normalisePhone(value) ?? value) : value);
