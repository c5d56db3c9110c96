import { useState } from "preact/hooks";
import type { Json, JsonObject, Provider } from "#gen/ostiary/admin_calls.js";
import { call } from "../../calls/call.ts";
import { useAction } from "../../calls/use-action.ts";
import { useCall } from "../../calls/use-call.ts";
import { JsonEditor, JsonView } from "../../form/json-editor.tsx";
import { Button } from "../../parts/button.tsx";
import { Card } from "../../parts/card.tsx";
import { Confirm } from "../../parts/dialog.tsx";
import { Badge, ErrorNote, Loading, Note } from "../../parts/notes.tsx";
import { Page } from "../../parts/page.tsx";
import { say } from "../../parts/say.tsx";
import type { Params } from "../../routing/match.ts";
import { goTo } from "../../routing/place.ts";
import { Trial } from "./trial.tsx";

const above = { path: "/providers", name: "Providers" };

/** A provider: what it is set to, and whether people could sign in by it. */
export function ProviderDetail({ params: { id = "" } }: { params: Params }) {
  const { answered, error, isLoading, reload } = useCall("GetProvider", { id });
  const provider = answered?.answer;
  if (!provider)
    return (
      <Page title="Provider" above={above}>
        <ErrorNote error={error} />
        {isLoading && <Loading />}
      </Page>
    );
  return (
    <Page
      title={String(provider.config?.["label"] ?? provider.id)}
      above={above}
      lead={<Badge tone={provider.source === "file" ? "calm" : "accent"}>{provider.source}</Badge>}
    >
      <div class="columns">
        <Settings provider={provider} onChange={reload} />
        <div class="stack">
          <Trial id={provider.id} />
          {provider.source === "database" && <End id={provider.id} />}
        </div>
      </div>
    </Page>
  );
}

function Settings({ provider, onChange }: { provider: Provider; onChange: () => void }) {
  const action = useAction();
  const save = async (config: Json) => {
    await call("ReplaceProvider", { id: provider.id, config: config as JsonObject });
    say("The provider was saved.");
    onChange();
  };
  return (
    <Card title="Settings">
      {provider.source === "file" ? (
        <div class="stack">
          <Note>It stands in the server's file, and is changed there.</Note>
          <JsonView value={provider.config} label="Settings" />
        </div>
      ) : (
        <div class="stack">
          <p class="muted">A secret that is written as *** stays what it was.</p>
          <JsonEditor
            key={provider.updated_at}
            label="Provider"
            value={provider.config ?? {}}
            onSave={(config) => void action.run(() => save(config))}
            isBusy={action.isBusy}
            rows={16}
          />
          <ErrorNote error={action.error} />
        </div>
      )}
    </Card>
  );
}

function End({ id }: { id: string }) {
  const [asks, setAsks] = useState(false);
  return (
    <Card title="End">
      <div class="stack">
        <p class="muted">Accounts stay linked with it, and nobody can sign in by it any more.</p>
        <div>
          <Button kind="danger" onPress={() => setAsks(true)}>
            Delete
          </Button>
        </div>
      </div>
      {asks && (
        <Confirm
          title={`Delete ${id}?`}
          verb="Delete"
          word={id}
          call="DeleteProvider"
          request={{ id }}
          onClose={() => setAsks(false)}
          onConfirm={async () => {
            await call("DeleteProvider", { id });
            say(`${id} was deleted.`);
            goTo("/providers");
          }}
        >
          <p>Who has no other way to sign in is locked out.</p>
        </Confirm>
      )}
    </Card>
  );
}
