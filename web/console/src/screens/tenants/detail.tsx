import { useState } from "preact/hooks";
import type { JsonObject, Tenant, TenantChangeInput } from "#gen/ostiary/admin_calls.js";
import { call } from "../../calls/call.ts";
import { defaultTenantId } from "../../calls/default-tenant.ts";
import { tenant as chosen } from "../../calls/tenant.ts";
import { useAction } from "../../calls/use-action.ts";
import { useCall } from "../../calls/use-call.ts";
import { JsonEditor } from "../../form/json-editor.tsx";
import { Button } from "../../parts/button.tsx";
import { Card, Facts } from "../../parts/card.tsx";
import { Confirm } from "../../parts/dialog.tsx";
import { TextField } from "../../parts/field.tsx";
import { ErrorNote, Loading } from "../../parts/notes.tsx";
import { Page } from "../../parts/page.tsx";
import { say } from "../../parts/say.tsx";
import { ExactTime, Time } from "../../parts/time.tsx";
import type { Params } from "../../routing/match.ts";
import { goTo } from "../../routing/place.ts";
import { hostsIn } from "./hosts-in.ts";
import { TenantState } from "./list.tsx";

const above = { path: "/tenants", name: "Tenants" };

/** A tenant: its hosts, its settings, and its end. */
export function TenantDetail({ params: { id = "" } }: { params: Params }) {
  const { answered, error, isLoading, reload } = useCall("GetTenant", { id });
  const action = useAction();
  const tenant = answered?.answer;
  if (!tenant)
    return (
      <Page title="Tenant" above={above}>
        <ErrorNote error={error} />
        {isLoading && <Loading />}
      </Page>
    );
  const change = async (changes: TenantChangeInput) => {
    const done = await action.run(() => call("UpdateTenant", { id: tenant.id, tenant: changes }));
    if (!done) return;
    say("The tenant was changed.");
    reload();
  };
  return (
    <Page title={tenant.slug || "default"} above={above} lead={<TenantState state={tenant.state} />}>
      <ErrorNote error={action.error} />
      <div class="columns">
        <div class="stack">
          <Card
            title="Settings"
            lead="What differs from the server's file. A secret that is written as *** stays what it was."
          >
            <JsonEditor
              key={tenant.updated_at}
              label="Settings"
              value={tenant.config ?? {}}
              onSave={(config) => void change({ config: config as JsonObject })}
              isBusy={action.isBusy}
              rows={16}
            />
          </Card>
        </div>
        <div class="stack">
          <Card title="Facts">
            <Facts
              rows={[
                ["Id", <code>{tenant.id}</code>],
                ["Created", <ExactTime value={tenant.created_at} />],
                ["Changed", <Time value={tenant.updated_at} />],
              ]}
            />
          </Card>
          <Hosts key={tenant.updated_at} tenant={tenant} onSave={change} isBusy={action.isBusy} />
          {tenant.id !== defaultTenantId && <End tenant={tenant} onChange={change} />}
        </div>
      </div>
    </Page>
  );
}

interface Part {
  readonly tenant: Tenant;
}

function Hosts({
  tenant,
  onSave,
  isBusy,
}: Part & { onSave: (changes: TenantChangeInput) => Promise<void>; isBusy: boolean }) {
  const [text, setText] = useState(tenant.hosts.join("\n"));
  return (
    <Card title="Hosts">
      <form
        class="stack"
        onSubmit={(event) => {
          event.preventDefault();
          void onSave({ hosts: { names: hostsIn(text) } });
        }}
      >
        <TextField label="One a line, without a port" value={text} onChange={setText} rows={3} />
        <div>
          <Button type="submit" isBusy={isBusy}>
            Save
          </Button>
        </div>
      </form>
    </Card>
  );
}

function End({ tenant, onChange }: Part & { onChange: (changes: TenantChangeInput) => Promise<void> }) {
  const [asks, setAsks] = useState(false);
  const isOff = tenant.state === "inactive";
  return (
    <Card title="End">
      <div class="stack">
        <p class="muted">{isOff ? "Nobody reaches it now." : "Switch it off first: it can be deleted then."}</p>
        <div class="actions">
          <Button onPress={() => void onChange({ state: isOff ? "active" : "inactive" })}>
            {isOff ? "Switch on" : "Switch off"}
          </Button>
          <Button kind="danger" isDisabled={!isOff} onPress={() => setAsks(true)}>
            Delete
          </Button>
        </div>
      </div>
      {asks && (
        <Confirm
          title={`Delete ${tenant.slug}?`}
          verb="Delete for good"
          word={tenant.slug}
          call="DeleteTenant"
          request={{ id: tenant.id }}
          onClose={() => setAsks(false)}
          onConfirm={async () => {
            await call("DeleteTenant", { id: tenant.id });
            say(`${tenant.slug} was deleted.`);
            if (chosen.get() === tenant.slug) chosen.set("");
            goTo("/tenants");
          }}
        >
          <p>All its accounts, sessions, messages and settings are deleted. This cannot be undone.</p>
        </Confirm>
      )}
    </Card>
  );
}
