import { useState } from "preact/hooks";
import { place, setQuery } from "../routing/place.ts";
import { SelectField, TextField } from "./field.tsx";
import { useStore } from "./store.ts";

/** Filters of a list of what goes to people: by how far it has come, and by whom it goes to. They are kept in the address, as `name` and `to`. */
export function RecipientFilters({
  label,
  name,
  choices,
}: {
  label: string;
  name: string;
  choices: readonly (readonly [value: string, name: string])[];
}) {
  const { query } = useStore(place);
  const [to, setTo] = useState(query.get("to") ?? "");
  return (
    <form
      class="filters"
      onSubmit={(event) => {
        event.preventDefault();
        setQuery({ to: to.trim(), page: "" });
      }}
    >
      <SelectField
        label={label}
        value={query.get(name) ?? ""}
        onChange={(value) => setQuery({ [name]: value, page: "" })}
        choices={[["", "All"], ...choices]}
      />
      <TextField label="Recipient" value={to} onChange={setTo} placeholder="An address in full" />
      <button type="submit" class="button plain">
        Filter
      </button>
    </form>
  );
}
