import type { Identity, Json, JsonObject } from "#gen/ostiary/admin_calls.js";

const isObject = (value: Json | undefined): value is JsonObject =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** What people call an account: its e-mail address or another identifier, else the first text among its traits. */
export function nameOf(identity: Pick<Identity, "id" | "traits">): string {
  const traits = identity.traits ?? {};
  for (const known of ["email", "username", "phone"]) if (typeof traits[known] === "string") return traits[known];
  const first = Object.values(traits).find((value) => typeof value === "string" && value);
  return typeof first === "string" ? first : identity.id;
}

/** A person's name, where the traits have one in one of the usual places. */
export function personalNameOf({ traits = {} }: Pick<Identity, "traits">): string {
  const { name } = traits;
  if (typeof name === "string") return name;
  const parts = isObject(name) ? [name["first"], name["last"]] : [traits["first_name"], traits["last_name"]];
  return parts.filter((part) => typeof part === "string" && part).join(" ");
}
