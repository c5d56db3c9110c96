import { useState } from "preact/hooks";
import { useCall } from "../calls/use-call.ts";
import { SelectField } from "../parts/field.tsx";

/** Which schema an account is to have: the one that is chosen, else the default. Where there are several, `field` lets one choose. */
export function useSchemaChoice() {
  const { answered, error, isLoading } = useCall("ListConfiguredSchemas", {});
  const [chosen, setChosen] = useState("");
  const schemas = (answered?.answer ?? []).filter(({ schema }) => schema);
  const schema = schemas.find(({ id }) => id === chosen) ?? schemas.find((one) => one.is_default) ?? schemas[0];
  const field = schema && schemas.length > 1 && (
    <SelectField label="Schema" value={schema.id} onChange={setChosen} choices={schemas.map(({ id }) => [id, id])} />
  );
  return { schema, field, error, isLoading: isLoading && !answered };
}
