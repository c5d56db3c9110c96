import type { Json, JsonObject } from "#gen/ostiary/admin_calls.js";
import { isObject } from "../../form/json-path.ts";
import { Facts } from "../../parts/card.tsx";

/** Traits by the titles that their schema gives them. */
export function TraitFacts({ schema, traits }: { schema: JsonObject; traits: JsonObject }) {
  const rows = [...rowsOf(schema, traits)];
  if (!rows.length) return <p class="muted">None are known.</p>;
  return <Facts rows={rows} />;
}

function* rowsOf(schema: JsonObject, traits: JsonObject): Generator<readonly [string, string]> {
  const properties = isObject(schema["properties"]) ? schema["properties"] : {};
  const names = [...Object.keys(properties), ...Object.keys(traits).filter((name) => !(name in properties))];
  for (const name of names) {
    const value = traits[name];
    const own = isObject(properties[name]) ? properties[name] : {};
    if (value === undefined) continue;
    if (isObject(value)) yield* rowsOf(own, value);
    else yield [typeof own["title"] === "string" ? own["title"] : name, shown(value)];
  }
}

function shown(value: Json): string {
  if (Array.isArray(value)) return (value as readonly Json[]).map(shown).join(", ");
  if (typeof value === "boolean") return value ? "yes" : "no";
  return typeof value === "string" ? value : JSON.stringify(value);
}
