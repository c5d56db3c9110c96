import type { JsonObject, JsonValue } from "@bufbuild/protobuf";
import type { TraitField } from "../schema/fields.ts";
import type { SeedPerson } from "./people.ts";

/** What a schema wants to know of somebody, as far as they can say it: what identifies or reaches them, names, what is required. */
export function traitsFor(fields: readonly TraitField[], person: SeedPerson): JsonObject {
  const traits: JsonObject = {};
  for (const field of fields) {
    const value = valueFor(field, person);
    if (value !== undefined) put(traits, field.path, value);
  }
  return traits;
}

function valueFor(field: TraitField, { email, phone, firstName, lastName }: SeedPerson): JsonValue | undefined {
  const { type, format, path, required, options, extension } = field;
  const name = path.at(-1)!.toLowerCase();
  if (type !== "string") return required ? whatever(field) : undefined;
  const via = extension.verification ?? extension.recovery ?? extension.code;
  if (format === "tel" || via === "sms") return phone;
  if (format === "email" || via === "email") return email;
  if (/first|given|fore/.test(name)) return firstName;
  if (/last|family|sur/.test(name)) return lastName;
  if (/^(name|fullname|full_name|display_?name)$/.test(name)) return `${firstName} ${lastName}`;
  if (extension.password) return email.split("@")[0]!.replaceAll(".", "_");
  if (!required) return undefined;
  return (options?.[0] as JsonValue | undefined) ?? firstName;
}

const whatever = ({ type, options }: TraitField): JsonValue =>
  (options?.[0] as JsonValue | undefined) ?? (type === "boolean" ? false : type === "array" ? [] : 30);

function put(traits: JsonObject, [name, ...rest]: readonly string[], value: JsonValue): void {
  if (rest.length === 0) traits[name!] = value;
  else put((traits[name!] ??= {}) as JsonObject, rest, value);
}
