import type { Json } from "#gen/ostiary/admin_calls.js";
import { Button } from "../parts/button.tsx";
import { isObject } from "./json-path.ts";
import { SchemaField } from "./schema-form.tsx";
import type { SchemaFieldProps } from "./schema-form.tsx";

/** A field for a list: a field for each element, and buttons to add and to remove one. */
export function ListField({
  schema,
  value,
  label,
  hint,
  onChange,
}: SchemaFieldProps & { label: string; hint: string }) {
  const items = Array.isArray(value) ? (value as readonly Json[]) : [];
  const item = isObject(schema["items"]) ? schema["items"] : {};
  const put = (next: readonly Json[]) => onChange(next.length ? next : undefined);
  return (
    <fieldset class="group">
      <legend>{label}</legend>
      {hint && <p class="hint">{hint}</p>}
      {items.map((one, at) => (
        <div class="list-item" key={at}>
          <SchemaField
            name={`${label} ${at + 1}`}
            schema={item}
            value={one}
            isRequired
            onChange={(next) => put(items.map((before, place) => (place === at ? (next ?? "") : before)))}
          />
          <Button
            kind="quiet"
            label={`Remove ${label} ${at + 1}`}
            onPress={() => put(items.filter((_, place) => place !== at))}
          >
            Remove
          </Button>
        </div>
      ))}
      <div>
        <Button onPress={() => put([...items, startOf(item["type"])])} label={`Add to ${label}`}>
          Add
        </Button>
      </div>
    </fieldset>
  );
}

function startOf(type: Json | undefined): Json {
  if (type === "object") return {};
  if (type === "array") return [];
  if (type === "boolean") return false;
  return type === "number" || type === "integer" ? 0 : "";
}
