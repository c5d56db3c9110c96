import { useState } from "preact/hooks";
import { calls } from "#gen/ostiary/admin_calls.js";
import type { NewApiKeyInput } from "#gen/ostiary/admin_calls.js";
import { call } from "../../calls/call.ts";
import { useAction } from "../../calls/use-action.ts";
import { Button, ButtonLink } from "../../parts/button.tsx";
import { CheckField, SelectField, TextField } from "../../parts/field.tsx";
import { ErrorNote } from "../../parts/notes.tsx";
import { Page } from "../../parts/page.tsx";
import { Commands } from "../../shell/commands.tsx";
import { Secret } from "./secret.tsx";

const scopes = [...new Set(Object.values(calls).map(({ scope }) => scope))].filter(Boolean).sort();
const day = 86_400_000;
const spans = [
  ["30", "30 days"],
  ["90", "90 days"],
  ["365", "A year"],
  ["", "Never"],
] as const;

/** Creates a key. */
export function NewApiKey() {
  const [name, setName] = useState("");
  const [chosen, setChosen] = useState<readonly string[]>([]);
  const [days, setDays] = useState("90");
  const [isWide, setWide] = useState(false);
  const [secret, setSecret] = useState("");
  const action = useAction();
  const key = (): NewApiKeyInput => ({
    name,
    scopes: chosen,
    ...(days && { expires_at: new Date(Date.now() + Number(days) * day).toISOString() }),
    ...(isWide && { all_tenants: true }),
  });
  const make = async () => setSecret((await call("CreateApiKey", { api_key: key() })).answer.secret);
  const above = { path: "/api-keys", name: "API keys" };
  if (secret)
    return (
      <Page title={name} above={above}>
        <Secret secret={secret} />
        <ButtonLink path="/api-keys">Back to the keys</ButtonLink>
      </Page>
    );
  return (
    <Page title="New API key" above={above} lead="Nobody can give a key more than they may do themselves.">
      <form
        class="card narrow"
        onSubmit={(event) => {
          event.preventDefault();
          void action.run(make);
        }}
      >
        <div class="card-body stack">
          <TextField label="Name" hint="What it is for." value={name} onChange={setName} isRequired />
          <SelectField label="Expires" value={days} onChange={setDays} choices={spans} />
          <CheckField
            label="Good for all tenants"
            hint="Only keys of the default tenant can be."
            value={isWide}
            onChange={setWide}
          />
          <Scopes chosen={chosen} onChange={setChosen} />
          <ErrorNote error={action.error} />
          <div class="actions">
            <Button kind="primary" type="submit" isBusy={action.isBusy} isDisabled={!chosen.length}>
              Create the key
            </Button>
            <ButtonLink path="/api-keys">Cancel</ButtonLink>
          </div>
          <details>
            <summary>Show as command</summary>
            <Commands name="CreateApiKey" request={{ api_key: key() }} />
          </details>
        </div>
      </form>
    </Page>
  );
}

function Scopes({ chosen, onChange }: { chosen: readonly string[]; onChange: (chosen: readonly string[]) => void }) {
  const all = chosen.includes("*");
  const put = (scope: string, isIn: boolean) =>
    onChange(isIn ? [...chosen, scope] : chosen.filter((one) => one !== scope));
  return (
    <fieldset class="group">
      <legend>What it may do</legend>
      <CheckField label="Everything" value={all} onChange={(isIn) => onChange(isIn ? ["*"] : [])} />
      {!all && (
        <div class="choices">
          {scopes.map((scope) => (
            <CheckField
              key={scope}
              label={<code>{scope}</code>}
              value={chosen.includes(scope)}
              onChange={(isIn) => put(scope, isIn)}
            />
          ))}
        </div>
      )}
    </fieldset>
  );
}
