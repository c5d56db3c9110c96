import { useState } from "preact/hooks";
import type { Invitation } from "#gen/ostiary/admin_calls.js";
import { call } from "../../calls/call.ts";
import { Button } from "../../parts/button.tsx";
import { Confirm } from "../../parts/dialog.tsx";
import { say } from "../../parts/say.tsx";

/** What can be done with an invitation: sent again as long as nobody has accepted or revoked it, revoked as long as it waits. */
export function Actions({
  invitation: { id, recipient, state },
  onChange,
}: {
  invitation: Invitation;
  onChange: () => void;
}) {
  const [asks, setAsks] = useState<"resend" | "revoke">();
  const close = () => setAsks(undefined);
  const address = recipient?.address ?? "";
  if (state === "accepted" || state === "revoked") return null;
  return (
    <>
      <Button kind="quiet" label={`Resend to ${address}`} onPress={() => setAsks("resend")}>
        Resend
      </Button>
      <Button kind="quiet" label={`Revoke for ${address}`} onPress={() => setAsks("revoke")}>
        Revoke
      </Button>
      {asks === "resend" && (
        <Confirm
          title={`Send ${address} another link?`}
          verb="Resend"
          kind="primary"
          call="ResendInvitation"
          request={{ id }}
          onClose={close}
          onConfirm={async () => {
            await call("ResendInvitation", { id });
            say(`Another link was sent to ${address}.`);
            onChange();
          }}
        >
          <p>The link before is of no use from then on, and the time of the invitation begins anew.</p>
        </Confirm>
      )}
      {asks === "revoke" && (
        <Confirm
          title={`Revoke the invitation of ${address}?`}
          verb="Revoke"
          call="RevokeInvitation"
          request={{ id }}
          onClose={close}
          onConfirm={async () => {
            await call("RevokeInvitation", { id });
            say(`The invitation of ${address} was revoked.`);
            onChange();
          }}
        >
          <p>Nobody can sign up by its link any more.</p>
        </Confirm>
      )}
    </>
  );
}
