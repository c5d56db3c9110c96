import { useState } from "preact/hooks";
import type { Identity, Impersonation as Terms } from "#gen/ostiary/admin_calls.js";
import { call } from "../../calls/call.ts";
import { useAction } from "../../calls/use-action.ts";
import { useCall } from "../../calls/use-call.ts";
import { Button } from "../../parts/button.tsx";
import { Card } from "../../parts/card.tsx";
import { Copy } from "../../parts/copy.tsx";
import { Dialog } from "../../parts/dialog.tsx";
import { SelectField, TextField } from "../../parts/field.tsx";
import { ErrorNote } from "../../parts/notes.tsx";
import { useStore } from "../../parts/store.ts";
import { Commands } from "../../shell/commands.tsx";
import { standing } from "../../shell/session.ts";
import { nameOf } from "./name-of.ts";

/** Lets support see what somebody sees; nothing where the caller may not, or the server does not allow it. */
export function Impersonation({ identity }: { identity: Identity }) {
  const { id } = identity;
  const { session } = useStore(standing);
  // Who shows a certificate is nobody that the console knows the scopes of.
  const may = !session || session.scopes.includes("identities.impersonate");
  const { answered } = useCall("GetImpersonation", may ? { id } : undefined);
  const [asks, setAsks] = useState(false);
  const terms = answered?.answer;
  if (!terms?.possible) return null;
  return (
    <Card title="Support" lead="See what they see, for minutes. They are told, with your reason, and can end it.">
      <Button onPress={() => setAsks(true)}>Sign in as this person</Button>
      {asks && <SignInAs identity={identity} terms={terms} onClose={() => setAsks(false)} />}
    </Card>
  );
}

function SignInAs({ identity, terms, onClose }: { identity: Identity; terms: Terms; onClose: () => void }) {
  const [reason, setReason] = useState("");
  const [lifespan, setLifespan] = useState(`${terms.default_lifespan_seconds}s`);
  const [link, setLink] = useState("");
  const action = useAction();
  const name = nameOf(identity);
  const request = { id: identity.id, impersonation: { reason, lifespan } };
  const submit = (event: Event) => {
    event.preventDefault();
    void action.run(async () => setLink((await call("CreateImpersonation", request)).answer.impersonation_link));
  };
  if (link) return <Opening name={name} link={link} onClose={onClose} />;
  return (
    <Dialog title={`Sign in as ${name}?`} onClose={onClose}>
      <form onSubmit={submit}>
        <div class="stack">
          <p>
            You see their account as they do. You cannot change how they sign in, and all you do is recorded as yours.
          </p>
          <TextField
            label="Reason"
            hint="They are shown it, too."
            value={reason}
            onChange={setReason}
            placeholder="Ticket 4711"
            isRequired
          />
          <SelectField label="Lasts for" value={lifespan} onChange={setLifespan} choices={spansOf(terms)} />
          <ErrorNote error={action.error} />
          <details>
            <summary>Show as command</summary>
            <Commands name="CreateImpersonation" request={request} />
          </details>
        </div>
        <footer class="dialog-foot">
          <Button onPress={onClose}>Cancel</Button>
          <Button kind="primary" type="submit" isBusy={action.isBusy} isDisabled={!reason.trim()}>
            Make a link
          </Button>
        </footer>
      </form>
    </Dialog>
  );
}

/** The link is followed by a press: browsers hold back tabs that open by themselves, and some want another window for it. */
const Opening = ({ name, link, onClose }: { name: string; link: string; onClose: () => void }) => (
  <Dialog title={`Sign in as ${name}`} onClose={onClose}>
    <div class="stack" role="status">
      <p>
        The link works once, within a minute. It signs this browser out of any other account at that address: copy it
        into a private window to stay signed in there.
      </p>
      <p class="actions">
        <a class="button primary" href={link} target="_blank" rel="noreferrer" onClick={onClose}>
          Open as {name}
        </a>
        <Copy text={link} what="the link" />
      </p>
    </div>
  </Dialog>
);

const usualSeconds = [300, 900, 1800, 3600, 14_400, 86_400];

/** How long it may last: the usual spans, and those that the server names. */
function spansOf({ default_lifespan_seconds: usual, max_lifespan_seconds: most }: Terms) {
  const spans = [...new Set([...usualSeconds.filter((seconds) => seconds <= most), usual, most])];
  return spans.toSorted((one, other) => one - other).map((seconds) => [`${seconds}s`, wordsFor(seconds)] as const);
}

function wordsFor(seconds: number): string {
  const [unit, count] =
    seconds % 3600 === 0
      ? ["hour", seconds / 3600]
      : seconds % 60 === 0
        ? ["minute", seconds / 60]
        : ["second", seconds];
  return `${count} ${unit}${count === 1 ? "" : "s"}`;
}
