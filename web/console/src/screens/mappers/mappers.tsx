import { useState } from "preact/hooks";
import type { JsonObject, TryMapperResponse } from "#gen/ostiary/admin_calls.js";
import { call } from "../../calls/call.ts";
import { useAction } from "../../calls/use-action.ts";
import { useCall } from "../../calls/use-call.ts";
import { JsonField, JsonView, read, written } from "../../form/json-editor.tsx";
import { Button } from "../../parts/button.tsx";
import { Card } from "../../parts/card.tsx";
import { SelectField, TextField } from "../../parts/field.tsx";
import { Badge, ErrorNote, Note } from "../../parts/notes.tsx";
import { Page } from "../../parts/page.tsx";

const startSource = `local claims = std.extVar('claims');
{
  identity: {
    traits: {
      email: claims.email,
      name: { first: claims.given_name, last: claims.family_name },
    },
    verified_addresses: [
      { via: 'email', value: claims.email },
    ],
  },
}
`;

const startClaims = {
  iss: "https://accounts.example",
  sub: "1234",
  email: "ada@example.org",
  email_verified: true,
  given_name: "Ada",
  family_name: "Lovelace",
};

/** Tries programs out that make identities of what providers tell. */
export function Mappers() {
  const providers = useCall("ListProviders", {});
  const [provider, setProvider] = useState("");
  const [language, setLanguage] = useState("jsonnet");
  const [source, setSource] = useState(startSource);
  const [claims, setClaims] = useState(written(startClaims));
  const [result, setResult] = useState<TryMapperResponse>();
  const action = useAction();
  const found = read(claims);
  const run = async () => {
    const program = source.trim() ? { program: { source, language } } : {};
    const trial = { provider_id: provider, claims: ("value" in found ? found.value : {}) as JsonObject, ...program };
    setResult((await call("TryMapper", { trial })).answer);
  };
  return (
    <Page
      title="Mapper playground"
      lead="What a mapper makes of what a provider tells of a person. Nothing is written."
    >
      <form
        class="columns even"
        onSubmit={(event) => {
          event.preventDefault();
          void action.run(run);
        }}
      >
        <Card title="What goes in">
          <div class="stack">
            <div class="pair">
              <SelectField
                label="Provider"
                value={provider}
                onChange={setProvider}
                choices={[["", "None"], ...(providers.answered?.answer ?? []).map(({ id }) => [id, id] as const)]}
              />
              <SelectField
                label="Language"
                value={language}
                onChange={setLanguage}
                choices={[
                  ["jsonnet", "Jsonnet"],
                  ["cel", "CEL"],
                ]}
              />
            </div>
            <TextField
              label="Program"
              hint="Empty to try the provider's own."
              value={source}
              onChange={setSource}
              rows={14}
              isMono
            />
            <JsonField label="Claims" text={claims} onChange={setClaims} rows={10} />
            <div>
              <Button type="submit" kind="primary" isBusy={action.isBusy} isDisabled={!("value" in found)}>
                Run
              </Button>
            </div>
          </div>
        </Card>
        <div class="stack">
          <ErrorNote error={action.error} />
          <Result result={result} />
        </div>
      </form>
    </Page>
  );
}

function Result({ result }: { result: TryMapperResponse | undefined }) {
  if (!result)
    return (
      <Card title="What comes out">
        <p class="muted">Run the program to see.</p>
      </Card>
    );
  const { fault, identity, output, schema_validation_errors: violations } = result;
  return (
    <div class="stack" role="status">
      {fault && (
        <Note tone="danger">
          <p>{fault.message}</p>
          <p class="note-id">
            <code>{fault.reason}</code>
            {fault.line > 0 && ` line ${fault.line}, column ${fault.column}`}
          </p>
        </Note>
      )}
      {violations.map(({ path, message }) => (
        <Note tone="warning" key={path + message}>
          <code>{path}</code> {message}
        </Note>
      ))}
      {identity && (
        <Card title="The identity">
          <div class="stack">
            <JsonView value={identity.traits} label="Traits" />
            {identity.verified_addresses.map(({ value, via }) => (
              <p key={value}>
                {value} <span class="muted">{via}</span> <Badge tone="good">verified</Badge>
              </p>
            ))}
            {identity.unproven_addresses.map(({ value, via }) => (
              <p key={value}>
                {value} <span class="muted">{via}</span> <Badge tone="warning">not believed</Badge>
              </p>
            ))}
          </div>
        </Card>
      )}
      {output !== undefined && (
        <Card title="The output as it is">
          <JsonView value={output} label="Output" />
        </Card>
      )}
    </div>
  );
}
