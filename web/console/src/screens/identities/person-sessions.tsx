import { useState } from "preact/hooks";
import { call } from "../../calls/call.ts";
import { useCall } from "../../calls/use-call.ts";
import { Button } from "../../parts/button.tsx";
import { Card } from "../../parts/card.tsx";
import { Confirm } from "../../parts/dialog.tsx";
import { Empty, ErrorNote } from "../../parts/notes.tsx";
import { say } from "../../parts/say.tsx";
import { Table } from "../../parts/table.tsx";
import { sessionColumns } from "../sessions/columns.tsx";

/** The sessions of an account. */
export function PersonSessions({ id }: { id: string }) {
  const request = { id, page_size: 25, active: true, expand: ["last_seen"] };
  const { answered, error, isLoading, reload } = useCall("ListIdentitySessions", request);
  const [endsAll, setEndsAll] = useState(false);
  const some = answered?.answer ?? [];
  return (
    <Card
      title="Sessions"
      lead={answered && some.length > 0 && `${answered.total ?? some.length} active`}
      isFlush
      actions={
        some.length > 0 && (
          <Button kind="quiet" onPress={() => setEndsAll(true)}>
            End all
          </Button>
        )
      }
    >
      <ErrorNote error={error} />
      <Table
        caption="Sessions"
        columns={sessionColumns(reload)}
        rows={answered?.answer}
        keyOf={(session) => session.id}
        isLoading={isLoading}
        empty={<Empty title="Not signed in anywhere" />}
      />
      {endsAll && (
        <Confirm
          title="End all sessions?"
          verb="End all"
          call="DeleteIdentitySessions"
          request={{ id }}
          onClose={() => setEndsAll(false)}
          onConfirm={async () => {
            await call("DeleteIdentitySessions", { id });
            say("All sessions were ended.");
            reload();
          }}
        >
          <p>The person is signed out everywhere at once.</p>
        </Confirm>
      )}
    </Card>
  );
}
