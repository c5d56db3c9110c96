import { useState } from "preact/hooks";
import type { Session } from "#gen/ostiary/admin_calls.js";
import { call } from "../../calls/call.ts";
import { Button } from "../../parts/button.tsx";
import { Confirm } from "../../parts/dialog.tsx";
import { Badge } from "../../parts/notes.tsx";
import { say } from "../../parts/say.tsx";
import type { Column } from "../../parts/table.tsx";
import { Time } from "../../parts/time.tsx";
import { browserOf } from "./browser-of.ts";

/** What tables of sessions show. */
export const sessionColumns = (onChange: () => void): readonly Column<Session>[] => [
  {
    head: "Device",
    isName: true,
    cell: ({ devices, act }) => {
      if (act) return <Support reason={act.reason} />;
      const device = devices.at(-1);
      return (
        <>
          {device ? browserOf(device.user_agent) : "Unknown device"}
          <span class="second">{[device?.ip_address, device?.location].filter(Boolean).join(", ")}</span>
        </>
      );
    },
  },
  {
    head: "Proved by",
    cell: ({ authentication_methods: methods, authenticator_assurance_level: level }) => (
      <>
        {[...new Set(methods.map(({ method, provider }) => provider ?? method))].join(", ") || "nothing"}{" "}
        <Badge tone={level === "aal2" ? "accent" : "calm"}>{level}</Badge>
      </>
    ),
  },
  { head: "Signed in", cell: ({ authenticated_at }) => <Time value={authenticated_at} /> },
  { head: "Last seen", cell: ({ last_seen_at }) => <Time value={last_seen_at} /> },
  {
    head: "State",
    cell: ({ active }) => (active ? <Badge tone="good">active</Badge> : <Badge>ended</Badge>),
  },
  { head: "Actions", isEnd: true, cell: (session) => <End session={session} onChange={onChange} /> },
];

/** Somebody else acts in the session, wherever they are. */
const Support = ({ reason }: { reason: string }) => (
  <>
    Support <Badge tone="accent">in their place</Badge>
    <span class="second">{reason}</span>
  </>
);

function End({ session, onChange }: { session: Session; onChange: () => void }) {
  const [asks, setAsks] = useState(false);
  if (!session.active) return null;
  const request = { id: session.id };
  return (
    <>
      <Button kind="quiet" label={`End session ${session.id}`} onPress={() => setAsks(true)}>
        End
      </Button>
      {asks && (
        <Confirm
          title="End this session?"
          verb="End session"
          call="DisableSession"
          request={request}
          onClose={() => setAsks(false)}
          onConfirm={async () => {
            await call("DisableSession", request);
            say("The session was ended.");
            onChange();
          }}
        >
          <p>The person is signed out on that device at once.</p>
        </Confirm>
      )}
    </>
  );
}
