import { useState } from "preact/hooks";
import type { ListIdentitiesRequest } from "#gen/ostiary/admin_calls.js";
import { Button } from "../../parts/button.tsx";
import { SelectField, TextField } from "../../parts/field.tsx";
import { setQuery } from "../../routing/place.ts";
import { credentialNames } from "./credentials.tsx";

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
const factors = ["password", "passkey", "webauthn", "totp", "lookup_secret", "oidc", "saml", "code"] as const;

const orders = [
  ["created_at desc", "Newest first"],
  ["created_at", "Oldest first"],
  ["last_sign_in_at desc", "Last signed in first"],
  ["updated_at desc", "Last changed first"],
] as const;

/** Makes the request for a list of what stands in the address. */
export function requestOf(query: URLSearchParams): ListIdentitiesRequest {
  const text = query.get("q") ?? "";
  const page = { page_size: 50, page_token: query.get("page") ?? "", expand: ["lifecycle"] };
  if (uuid.test(text)) return { ids: [text], expand: ["lifecycle"] };
  const parts = [
    text && `identifier : ${quoted(`${text}*`)}`,
    query.get("state") && `state = ${query.get("state")}`,
    query.get("factor") && `has_factor = ${query.get("factor")}`,
    query.get("verified") && `verified = ${query.get("verified")}`,
    query.get("filter") && `(${query.get("filter")})`,
  ].filter(Boolean);
  return { ...page, filter: parts.join(" AND "), order_by: query.get("order") ?? orders[0][0] };
}

const quoted = (text: string): string => `"${text.replaceAll(/["\\]/g, "\\$&")}"`;

/** How accounts are looked for: by name or id, by what they are and have, and by an expression. */
export function Search({ query }: { query: URLSearchParams }) {
  const [text, setText] = useState(query.get("q") ?? "");
  const [filter, setFilter] = useState(query.get("filter") ?? "");
  const choose = (name: string) => (value: string) => setQuery({ [name]: value, page: "" });
  return (
    <form
      role="search"
      onSubmit={(event) => {
        event.preventDefault();
        setQuery({ q: text.trim(), filter: filter.trim(), page: "" });
      }}
    >
      <div class="search">
        <input
          type="search"
          aria-label="Search identities"
          placeholder="The beginning of an address or a name, or an id"
          value={text}
          onInput={(event) => setText(event.currentTarget.value)}
        />
        <Button type="submit">Search</Button>
      </div>
      <div class="filters">
        <SelectField
          label="State"
          value={query.get("state") ?? ""}
          onChange={choose("state")}
          choices={[
            ["", "All"],
            ["active", "Active"],
            ["inactive", "Disabled"],
          ]}
        />
        <SelectField
          label="Has"
          value={query.get("factor") ?? ""}
          onChange={choose("factor")}
          choices={[["", "Anything"], ...factors.map((one) => [one, credentialNames[one] ?? one] as const)]}
        />
        <SelectField
          label="Address"
          value={query.get("verified") ?? ""}
          onChange={choose("verified")}
          choices={[
            ["", "Any"],
            ["true", "Verified"],
            ["false", "Not verified"],
          ]}
        />
        <SelectField
          label="Order"
          value={query.get("order") ?? orders[0][0]}
          onChange={choose("order")}
          choices={orders}
        />
      </div>
      <details class="expression" open={Boolean(query.get("filter"))}>
        <summary>Filter by an expression</summary>
        <div class="search">
          <TextField
            label="Expression"
            hint={
              <>
                Such as <code>traits.name.last : "love*" AND created_at &gt; "2026-01-01"</code>
              </>
            }
            value={filter}
            onChange={setFilter}
            isMono
          />
          <Button type="submit">Filter</Button>
        </div>
      </details>
    </form>
  );
}
