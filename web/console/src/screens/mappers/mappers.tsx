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

const startTokenSource = `local session = std.extVar('session');
{
  claims: {
    email: session.identity.traits.email,
  },
}
`;

const startSession = {
  id: "c0ffee00-0000-4000-8000-000000000001",
  active: true,
  expires_at: new Date(Date.now() + 86_400_000).toISOString(),
  identity: {
    id: "c0ffee00-0000-4000-8000-000000000002",
    schema_id: "person",
    traits: { email: "ada@example.org" },
  },
};

type Kind = "provider" | "template";

/** What there is to be filled in, of each kind of mapper. */
const kinds = {
  provider: {
    name: "A provider",
    hint: "Empty to try the provider's own.",
    given: "Claims",
    source: startSource,
    value: startClaims,
  },
  template: {
    name: "A template of session tokens",
    hint: "Empty to try the template's own.",
    given: "Session",
    source: startTokenSource,
    value: startSession,
  },
} as const;

/** Tries programs out: those that make identities of what providers tell, and those that say what is in the token of a session. */
export function Mappers() {
  const [kind, setKind] = useState<Kind>("provider");
  return (
    <Page
      title="Mapper playground"
      lead="What a mapper makes of what a provider tells of a person, or of a session. Nothing is written."
    >
      <SelectField
        label="Mapper of"
        value={kind}
        onChange={(value) => setKind(value as Kind)}
        choices={Object.entries(kinds).map(([value, { name }]) => [value, name] as const)}
      />
      <Trial kind={kind} key={kind} />
    </Page>
  );
}

function Trial({ kind }: { kind: Kind }) {
  const { hint, given, ...start } = kinds[kind];
  const [owner, setOwner] = useState("");
  const [language, setLanguage] = useState("jsonnet");
  const [source, setSource] = useState<string>(start.source);
  const [text, setText] = useState(written(start.value));
  const [result, setResult] = useState<TryMapperResponse>();
  const action = useAction();
  const found = read(text);
  const run = async () => {
    const value = ("value" in found ? found.value : {}) as JsonObject;
    const trial = {
      ...(kind === "provider" ? { provider_id: owner, claims: value } : { session_template: owner, session: value }),
      ...(source.trim() && { program: { source, language } }),
    };
    setResult((await call("TryMapper", { trial })).answer);
  };
  return (
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
            <Owner kind={kind} value={owner} onChange={setOwner} />
            <SelectField label="Language" value={language} onChange={setLanguage} choices={languages} />
          </div>
          <TextField label="Program" hint={hint} value={source} onChange={setSource} rows={14} isMono />
          <JsonField label={given} text={text} onChange={setText} rows={10} />
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
  );
}

const languages = [
  ["jsonnet", "Jsonnet"],
  ["cel", "CEL"],
] as const;

interface OwnerProps {
  readonly value: string;
  readonly onChange: (value: string) => void;
}

/** Whose mapper it is. */
function Owner({ kind, ...field }: OwnerProps & { kind: Kind }) {
  return kind === "provider" ? (
    <Provider {...field} />
  ) : (
    <TextField label="Template" hint="Its name in the configuration." {...field} />
  );
}

function Provider({ value, onChange }: OwnerProps) {
  const providers = useCall("ListProviders", {});
  return (
    <SelectField
      label="Provider"
      value={value}
      onChange={onChange}
      choices={[["", "None"], ...(providers.answered?.answer ?? []).map(({ id }) => [id, id] as const)]}
    />
  );
}

function Result({ result }: { result: TryMapperResponse | undefined }) {
  if (!result)
    return (
      <Card title="What comes out">
        <p class="muted">Run the program to see.</p>
      </Card>
    );
  const { fault, identity, output, token_claims: claims, schema_validation_errors: violations } = result;
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
      {claims && (
        <Card title="The claims of the token">
          <JsonView value={claims} label="Claims of the token" />
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
