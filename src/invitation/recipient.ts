import { ErrorReason, problem } from "../errors.ts";
import type { AddressKey } from "../identity/address-statements.ts";
import { identifiersOf } from "../schema/identifiers.ts";
import type { Via } from "../schema/extension.ts";
import type { TraitField } from "../schema/fields.ts";
import type { IdentitySchema } from "../schema/identity-schema.ts";
import { isEmail, normaliseIdentifier, normalisePhone, viaOf } from "../schema/normalise.ts";
import { traitAt, withTraitAt } from "../schema/trait-at.ts";

type Traits = Record<string, unknown>;

/** Reads who is to be invited; the address in the form in which accounts have it. Throws BAD_REQUEST. */
export function readRecipient(written: { readonly via: string; readonly address: string }): AddressKey {
  const via = (written.via || viaOf(written.address)) as Via;
  if (via === "sms") {
    const value = normalisePhone(written.address);
    if (value) return { via, value };
    throw problem(ErrorReason.BAD_REQUEST, {
      reason: "The recipient's address is not a phone number with its country code.",
    });
  }
  const value = normaliseIdentifier(written.address);
  if (isEmail(value)) return { via, value };
  throw problem(ErrorReason.BAD_REQUEST, { reason: "The recipient's address is not an e-mail address." });
}

/**
 * Traits with the recipient's address among them: where it stands already, else in the first trait of the schema that takes such an
 * address and that nothing is said of. Throws BAD_REQUEST where there is none.
 */
export function withRecipient(schema: IdentitySchema, traits: Traits, { via, value }: AddressKey): Traits {
  const { code, verification, recovery, password } = identifiersOf(schema, traits);
  const isNamed = [...code, ...verification, ...recovery].some((one) => one.via === via && one.value === value);
  if (isNamed || password.includes(value)) return traits;
  const place = schema.fields.find((field) => takes(field, via) && traitAt(traits, field.path) === undefined);
  if (!place)
    throw problem(ErrorReason.BAD_REQUEST, {
      reason: `The schema ${schema.id} has no trait for the recipient's address, or the traits hold another one in its place.`,
    });
  return withTraitAt(traits, place.path, place.type === "array" ? [value] : value);
}

const formats: Readonly<Record<Via, string>> = { email: "email", sms: "tel" };

const takes = ({ extension: { code, verification, recovery, password }, format }: TraitField, via: Via): boolean =>
  [code, verification, recovery].includes(via) || (password && format === formats[via]);
