import { useState } from "preact/hooks";
import type { RequestOf } from "../../calls/http.ts";
import { TextField } from "../../parts/field.tsx";
import { setQuery } from "../../routing/place.ts";

const names = ["types", "subject", "actor", "since", "until"] as const;

type Typed = Readonly<Record<(typeof names)[number], string>>;

const typedIn = (query: URLSearchParams): Typed =>
  Object.fromEntries(names.map((name) => [name, query.get(name) ?? ""])) as Typed;

/** Whether an address asks for some events alone. */
export const isFiltered = (query: URLSearchParams): boolean => names.some((name) => query.get(name));

/** Which events an address asks for. */
export function filterOf(query: URLSearchParams): RequestOf<"ListEvents"> {
  const { types, subject, actor, since, until } = typedIn(query);
  return {
    types: types.split(/[\s,]+/).filter(Boolean),
    subject_id: subject,
    actor_id: actor,
    ...(since && { since: new Date(since).toISOString() }),
    ...(until && { until: new Date(until).toISOString() }),
  };
}

/** Filters of events, kept in the address. */
export function EventFilters({ query }: { query: URLSearchParams }) {
  const [typed, setTyped] = useState(typedIn(query));
  const shared = (name: keyof Typed) => ({
    value: typed[name],
    onChange: (value: string) => setTyped((before) => ({ ...before, [name]: value })),
  });
  return (
    <form
      class="filters"
      onSubmit={(event) => {
        event.preventDefault();
        const trimmed = Object.entries(typed).map(([name, value]) => [name, value.trim()]);
        setQuery({ ...Object.fromEntries(trimmed), page: "" });
      }}
    >
      <TextField label="Types" placeholder="LoginFailed, LoginSucceeded" {...shared("types")} />
      <TextField label="Account" placeholder="Its id" {...shared("subject")} />
      <TextField label="By" placeholder="An identity's or key's id" {...shared("actor")} />
      <TextField label="From" type="datetime-local" {...shared("since")} />
      <TextField label="Until" type="datetime-local" {...shared("until")} />
      <button type="submit" class="button plain">
        Filter
      </button>
    </form>
  );
}
