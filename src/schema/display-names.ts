import type { TraitField } from "./fields.ts";
import type { IdentitySchema } from "./identity-schema.ts";
import { nodeNameOf } from "./trait-nodes.ts";
import { traitAt } from "./trait-at.ts";

/** The traits by which an authenticator shows an account: those marked for it, else those by which people know it. */
function shownFields({ fields }: IdentitySchema): readonly TraitField[] {
  const kinds = [
    fields.filter(({ extension }) => extension.passkeyDisplayName),
    fields.filter(({ extension }) => extension.webauthn),
    fields.filter(({ format }) => format === "email").slice(0, 1),
    fields.filter(({ extension }) => extension.password).slice(0, 1),
  ];
  return kinds.find((some) => some.length > 0) ?? [];
}

/** The fields of a form that say how an authenticator shows the account in the making. */
export const displayNameFields = (schema: IdentitySchema): string[] => shownFields(schema).map(nodeNameOf);

/** How authenticators show an account; empty where its traits do not say. */
export function displayNameOf(schema: IdentitySchema, traits: Record<string, unknown>): string {
  const values = shownFields(schema).map(({ path }) => traitAt(traits, path));
  return values.find((value): value is string => typeof value === "string" && value !== "") ?? "";
}
