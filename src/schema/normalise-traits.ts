import type { IdentitySchema } from "./identity-schema.ts";
import { normalisePhone } from "./normalise.ts";
import { changedAt } from "./trait-at.ts";

type Traits = Record<string, unknown>;

/** Traits with the phone numbers that messages go to written by E.164; what is no phone number stays as it is. */
export const normalisePhones = ({ fields, listed }: IdentitySchema, traits: Traits): Traits =>
  [...fields, ...listed].reduce<Traits>((whole, { path, extension: { code, verification, recovery } }) => {
    return [code, verification, recovery].includes("sms") ? (changedAt(whole, path, normalised) as Traits) : whole;
  }, traits);

const normalised = (value: unknown): unknown => (typeof value === "string" ? (normalisePhone(value) ?? value) : value);
