import { useState } from "preact/hooks";
import type { JsonObject } from "#gen/ostiary/admin_calls.js";
import { call } from "../../calls/call.ts";
import { useAction } from "../../calls/use-action.ts";
import { JsonField, read } from "../../form/json-editor.tsx";
import { Button, ButtonLink } from "../../parts/button.tsx";
import { TextField } from "../../parts/field.tsx";
import { ErrorNote } from "../../parts/notes.tsx";
import { Page } from "../../parts/page.tsx";
import { say } from "../../parts/say.tsx";
import { goTo } from "../../routing/place.ts";
import { Commands } from "../../shell/commands.tsx";
import { hostsIn } from "./hosts-in.ts";

/** Makes a tenant. */
export function NewTenant() {
  const [slug, setSlug] = useState("");
  const [hosts, setHosts] = useState("");
  const [text, setText] = useState("{}");
  const action = useAction();
  const found = read(text);
  const tenant = { slug, hosts: hostsIn(hosts), config: ("value" in found ? found.value : {}) as JsonObject };
  const make = async () => {
    const { answer } = await call("CreateTenant", { tenant });
    say("The tenant was made.");
    goTo(`/tenants/${answer.id}`);
  };
  return (
    <Page title="New tenant" above={{ path: "/tenants", name: "Tenants" }}>
      <form
        class="card narrow"
        onSubmit={(event) => {
          event.preventDefault();
          if ("value" in found) void action.run(make);
        }}
      >
        <div class="card-body stack">
          <TextField
            label="Slug"
            hint="Names the tenant to people and in the header x-tenant: letters, digits and hyphens."
            value={slug}
            onChange={setSlug}
            isRequired
          />
          <TextField
            label="Hosts"
            hint="The names by which people reach it, one a line, without a port."
            isOptional
            value={hosts}
            onChange={setHosts}
            rows={3}
          />
          <JsonField
            label="Settings"
            hint="What differs from the server's file: a part of its tree."
            text={text}
            onChange={setText}
          />
          <ErrorNote error={action.error} />
          <div class="actions">
            <Button kind="primary" type="submit" isBusy={action.isBusy} isDisabled={!("value" in found)}>
              Make the tenant
            </Button>
            <ButtonLink path="/tenants">Cancel</ButtonLink>
          </div>
          <details>
            <summary>Show as command</summary>
            <Commands name="CreateTenant" request={{ tenant }} />
          </details>
        </div>
      </form>
    </Page>
  );
}
