import type { Json, JsonObject } from "#gen/ostiary/admin_calls.js";
import { CheckField, SelectField, TextField } from "../parts/field.tsx";
import { isObject, withMember } from "./json-path.ts";
import { ListField } from "./list-field.tsx";
import { LooseJson } from "./loose-json.tsx";

/** What a field of a form made of a JSON Schema needs. */
export interface SchemaFieldProps {
  readonly schema: JsonObject;
  readonly name: string;
  readonly value: Json | undefined;
  readonly isRequired: boolean;
  /** Takes the new value; none where nothing is left in the field. */
  readonly onChange: (value: Json | undefined) => void;
}

/** The traits' part of an identity schema. */
export function traitsOf(schema: JsonObject | undefined): JsonObject {
  const properties = schema?.["properties"];
  const traits = isObject(properties) ? properties["traits"] : undefined;
  return isObject(traits) ? traits : {};
}

/** A form for an object, made of its JSON Schema. What a schema says in ways that no form can show is written as JSON. */
export function SchemaForm({
  schema,
  value,
  onChange,
}: {
  schema: JsonObject;
  value: JsonObject;
  onChange: (value: JsonObject) => void;
}) {
  const properties = isObject(schema["properties"]) ? schema["properties"] : {};
  const required = Array.isArray(schema["required"]) ? (schema["required"] as readonly Json[]) : [];
  return (
    <>
      {Object.entries(properties).map(([name, one]) => (
        <SchemaField
          key={name}
          name={name}
          schema={isObject(one) ? one : {}}
          value={value[name]}
          isRequired={required.includes(name)}
          onChange={(next) => onChange(withMember(value, name, next))}
        />
      ))}
    </>
  );
}

/** A field for whatever a schema describes. */
export function SchemaField(props: SchemaFieldProps) {
  const { schema, name, value, isRequired, onChange } = props;
  const label = textOf(schema["title"]) || spoken(name);
  const hint = textOf(schema["description"]);
  const shared = { label, ...(hint && { hint }), isOptional: !isRequired };
  const choices = schema["enum"];
  if (Array.isArray(choices)) return <ChoiceField {...props} shared={shared} choices={choices as readonly Json[]} />;
  switch (schema["type"]) {
    case "object":
      return (
        <fieldset class="group">
          <legend>{label}</legend>
          <SchemaForm
            schema={schema}
            value={isObject(value) ? value : {}}
            onChange={(next) => onChange(Object.keys(next).length ? next : undefined)}
          />
        </fieldset>
      );
    case "boolean":
      return <CheckField label={label} hint={hint} value={value === true} onChange={onChange} />;
    case "integer":
    case "number":
      return (
        <TextField
          {...shared}
          type="number"
          value={value === undefined ? "" : String(value)}
          onChange={(text) => onChange(text === "" ? undefined : Number(text))}
        />
      );
    case "string":
      return (
        <TextField
          {...shared}
          type={inputs[textOf(schema["format"])] ?? "text"}
          value={textOf(value)}
          onChange={(text) => onChange(text === "" ? undefined : text)}
        />
      );
    case "array":
      return <ListField {...props} label={label} hint={hint} />;
    default:
      return <LooseJson {...shared} value={value} onChange={onChange} />;
  }
}

function ChoiceField({
  value,
  isRequired,
  onChange,
  shared,
  choices,
}: SchemaFieldProps & { shared: { label: string; hint?: string; isOptional: boolean }; choices: readonly Json[] }) {
  const written = choices.map((one) => [JSON.stringify(one), textOf(one) || JSON.stringify(one)] as const);
  return (
    <SelectField
      {...shared}
      value={value === undefined ? "" : JSON.stringify(value)}
      onChange={(text) => onChange(text === "" ? undefined : (JSON.parse(text) as Json))}
      choices={isRequired && value !== undefined ? written : [["", "—"], ...written]}
    />
  );
}

// Text that people are to write in their own way stays text: browsers refuse addresses that the server knows well.
const inputs: Readonly<Record<string, "email" | "tel" | "url" | "date">> = {
  email: "email",
  tel: "tel",
  uri: "url",
  date: "date",
};

/** The name of a trait as people would write it: `given_name` is "Given name". */
const spoken = (name: string): string => {
  const words = name
    .replaceAll(/[_-]+/g, " ")
    .replaceAll(/([a-z])([A-Z])/g, "$1 $2")
    .toLowerCase();
  return words.charAt(0).toUpperCase() + words.slice(1);
};

const textOf = (value: Json | undefined): string => (typeof value === "string" ? value : "");
