import type { Invitation } from "#gen/ostiary/admin_calls.js";
import { Badge } from "../../parts/notes.tsx";
import type { Column } from "../../parts/table.tsx";
import { Time } from "../../parts/time.tsx";
import { Actions } from "./actions.tsx";

const tones = { pending: "accent", accepted: "good", revoked: "danger", expired: "warning" } as const;

/** What tables of invitations show. */
export const invitationColumns = (onChange: () => void): readonly Column<Invitation>[] => [
  {
    head: "Recipient",
    isName: true,
    cell: ({ recipient, schema_id }) => (
      <>
        <span class="break">{recipient?.address}</span>
        <span class="second">{schema_id}</span>
      </>
    ),
  },
  {
    head: "State",
    cell: ({ state, identity_id }) => (
      <>
        <Badge tone={tones[state ?? "pending"]}>{state}</Badge>{" "}
        {identity_id && <a href={`/console/identities/${identity_id}`}>Account</a>}
      </>
    ),
  },
  { head: "Sent", cell: ({ sent_at }) => (sent_at ? <Time value={sent_at} /> : "handed out") },
  { head: "Expires", cell: ({ expires_at }) => <Time value={expires_at} /> },
  {
    head: "Actions",
    isEnd: true,
    cell: (invitation) => <Actions invitation={invitation} onChange={onChange} />,
  },
];
