import type { Json, JsonObject } from "#gen/ostiary/admin_calls.js";
import { call } from "../../calls/call.ts";
import { useAction } from "../../calls/use-action.ts";
import { JsonEditor } from "../../form/json-editor.tsx";
import { Card } from "../../parts/card.tsx";
import { ErrorNote } from "../../parts/notes.tsx";
import { Page } from "../../parts/page.tsx";
import { say } from "../../parts/say.tsx";
import { goTo } from "../../routing/place.ts";

// A mapper that takes what nearly every provider tells.
const mapper = 'local c = std.extVar("claims"); { identity: { traits: { email: c.email } } }';

const start: JsonObject = {
  id: "google",
  provider: "google",
  label: "Google",
  client_id: "",
  client_secret: "",
  scope: ["email", "profile"],
  mapper_url: `base64://${btoa(mapper)}`,
};

/** Keeps a provider in the database. */
export function NewProvider() {
  const action = useAction();
  const make = async (config: Json) => {
    const { answer } = await call("CreateProvider", { config: config as JsonObject });
    say("The provider was made.");
    goTo(`/providers/${encodeURIComponent(answer.id)}`);
  };
  return (
    <Page
      title="New provider"
      above={{ path: "/providers", name: "Providers" }}
      lead="What the server's file would say of it. It is in effect on every server within a second."
    >
      <div class="card narrow">
        <div class="card-body stack">
          <JsonEditor
            label="Provider"
            value={start}
            onSave={(config) => void action.run(() => make(config))}
            isBusy={action.isBusy}
            rows={14}
          />
          <ErrorNote error={action.error} />
        </div>
      </div>
      <Card title="Mapper">
        <p class="muted">
          The mapper makes traits of what the provider tells. This one takes the e-mail address; write your own in the{" "}
          <a href="/console/mappers">mapper playground</a>.
        </p>
      </Card>
    </Page>
  );
}
