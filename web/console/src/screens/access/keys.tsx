import { useState } from "preact/hooks";
import type { ApiKey } from "#gen/ostiary/admin_calls.js";
import { call } from "../../calls/call.ts";
import { useCall } from "../../calls/use-call.ts";
import { Button, ButtonLink } from "../../parts/button.tsx";
import { Confirm } from "../../parts/dialog.tsx";
import { Badge, Empty, ErrorNote } from "../../parts/notes.tsx";
import { Page } from "../../parts/page.tsx";
import { Pager } from "../../parts/pager.tsx";
import { say } from "../../parts/say.tsx";
import { useStore } from "../../parts/store.ts";
import { Table } from "../../parts/table.tsx";
import type { Column } from "../../parts/table.tsx";
import { Time } from "../../parts/time.tsx";
import { place } from "../../routing/place.ts";
import { Secret } from "./secret.tsx";

const columns = (onChange: () => void, onSecret: (secret: string) => void): readonly Column<ApiKey>[] => [
  {
    head: "Key",
    isName: true,
    cell: ({ name, hint }) => (
      <>
        {name}
        <span class="second">
          <code>{hint}…</code>
        </span>
      </>
    ),
  },
  {
    head: "May",
    cell: ({ scopes, all_tenants }) => (
      <>
        {scopes.join(", ")} {all_tenants && <Badge tone="accent">all tenants</Badge>}
      </>
    ),
  },
  { head: "Last used", cell: ({ last_used_at }) => <Time value={last_used_at} /> },
  {
    head: "Expires",
    cell: ({ expires_at }) =>
      expires_at && Date.parse(expires_at) < Date.now() ? (
        <Badge tone="danger">expired</Badge>
      ) : (
        <Time value={expires_at} />
      ),
  },
  { head: "Actions", isEnd: true, cell: (key) => <Actions apiKey={key} onChange={onChange} onSecret={onSecret} /> },
];

/** The keys by which programs call the admin API. */
export function ApiKeys() {
  const { query } = useStore(place);
  const [secret, setSecret] = useState("");
  const { answered, error, isLoading, reload } = useCall("ListApiKeys", {
    page_size: 50,
    page_token: query.get("page") ?? "",
  });
  return (
    <Page
      title="API keys"
      lead="By these, programs call the admin API."
      actions={
        <ButtonLink kind="primary" path="/api-keys/new">
          New key
        </ButtonLink>
      }
    >
      <ErrorNote error={error} />
      {secret && <Secret secret={secret} />}
      <div class="card flush">
        <Table
          caption="API keys"
          columns={columns(reload, setSecret)}
          rows={answered?.answer}
          keyOf={({ id }) => id}
          isLoading={isLoading}
          empty={<Empty title="No keys">Programs need one where the admin API asks for credentials.</Empty>}
        />
      </div>
      {answered && <Pager next={answered.next} shown={answered.answer.length} />}
    </Page>
  );
}

function Actions({
  apiKey: { id, name },
  onChange,
  onSecret,
}: {
  apiKey: ApiKey;
  onChange: () => void;
  onSecret: (secret: string) => void;
}) {
  const [asks, setAsks] = useState<"rotate" | "revoke">();
  const close = () => setAsks(undefined);
  return (
    <>
      <Button kind="quiet" label={`Rotate ${name}`} onPress={() => setAsks("rotate")}>
        Rotate
      </Button>
      <Button kind="quiet" label={`Revoke ${name}`} onPress={() => setAsks("revoke")}>
        Revoke
      </Button>
      {asks === "rotate" && (
        <Confirm
          title={`Give ${name} another secret?`}
          verb="Rotate"
          call="RotateApiKey"
          request={{ id }}
          onClose={close}
          onConfirm={async () => {
            onSecret((await call("RotateApiKey", { id })).answer.secret);
            onChange();
          }}
        >
          <p>The one before is of no use from then on.</p>
        </Confirm>
      )}
      {asks === "revoke" && (
        <Confirm
          title={`Revoke ${name}?`}
          verb="Revoke"
          word={name}
          call="RevokeApiKey"
          request={{ id }}
          onClose={close}
          onConfirm={async () => {
            await call("RevokeApiKey", { id });
            say(`${name} was revoked.`);
            onChange();
          }}
        >
          <p>Programs that use it are refused at once.</p>
        </Confirm>
      )}
    </>
  );
}
