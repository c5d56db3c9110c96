import { generatedLabel, identifierLabelMessage } from "../ui/messages.ts";
import type { Message } from "../ui/message.ts";
import type { Via } from "./extension.ts";
import type { TraitField } from "./fields.ts";
import type { IdentitySchema } from "./identity-schema.ts";
import { normaliseIdentifier, normalisePhone } from "./normalise.ts";
import { traitsAt } from "./trait-at.ts";

/** An address, in its stored form. */
export interface NamedAddress {
  readonly via: Via;
  readonly value: string;
}

/** What traits name: who somebody is to each method, and where they can be reached. */
export interface Identifiers {
  readonly password: readonly string[];
  readonly webauthn: readonly string[];
  readonly code: readonly NamedAddress[];
  readonly verification: readonly NamedAddress[];
  readonly recovery: readonly NamedAddress[];
}

/** Draws from traits what the schema says that they name. */
export function identifiersOf({ fields, listed }: IdentitySchema, traits: Record<string, unknown>): Identifiers {
  const all = [...fields, ...listed];
  const names = (flag: (field: TraitField) => boolean) =>
    unique(all.filter(flag).flatMap((field) => valuesOf(field, traits)));
  const addresses = (viaOf: (field: TraitField) => Via | undefined) =>
    all.flatMap((field) => {
      const via = viaOf(field);
      return via ? valuesOf(field, traits).map((value) => ({ via, value })) : [];
    });
  return {
    password: names(({ extension }) => extension.password),
    webauthn: names(({ extension }) => extension.webauthn),
    code: addresses(({ extension }) => extension.code),
    verification: addresses(({ extension }) => extension.verification),
    recovery: addresses(({ extension }) => extension.recovery),
  };
}

// As many letters as the database has room for, in the form that is stored.
const longestName = 512;

/** The traits whose name or address is longer than any database of ours takes, and by how much. */
export function tooLongNames(
  { fields }: IdentitySchema,
  traits: unknown,
): { readonly path: readonly string[]; readonly length: number; readonly limit: number }[] {
  const naming = fields.filter(
    ({ extension: { password, webauthn, code, verification, recovery } }) =>
      password || webauthn || code || verification || recovery,
  );
  return naming.flatMap((field) => {
    const length = Math.max(0, ...valuesOf(field, traits).map((name) => name.length));
    return length > longestName ? [{ path: field.path, length, limit: longestName }] : [];
  });
}

const unique = (names: readonly string[]) => [...new Set(names)];

function valuesOf({ path, format }: TraitField, traits: unknown): string[] {
  const texts = traitsAt(traits, path).filter((one) => typeof one === "string" && one.trim() !== "");
  return (texts as string[]).map(
    (text) => (format === "tel" ? normalisePhone(text) : undefined) ?? normaliseIdentifier(text),
  );
}

/** What the field is called in which people say who they are: as the schema calls it, if one trait alone names people. */
export function identifierLabel({ fields }: IdentitySchema): Message {
  const naming = fields.filter(({ extension: { password, webauthn, code } }) => password || webauthn || code);
  const [only] = naming;
  if (naming.length !== 1 || !only?.title) return identifierLabelMessage();
  return generatedLabel(only.title, `traits.${only.path.join(".")}`);
}
