import { useState } from "preact/hooks";
import type { Identity } from "#gen/ostiary/admin_calls.js";
import { call } from "../../calls/call.ts";
import { useAction } from "../../calls/use-action.ts";
import { Button } from "../../parts/button.tsx";
import { Card } from "../../parts/card.tsx";
import { Copy } from "../../parts/copy.tsx";
import { SelectField } from "../../parts/field.tsx";
import { ErrorNote } from "../../parts/notes.tsx";
import { Time } from "../../parts/time.tsx";

const spans: readonly (readonly [span: string, name: string])[] = [
  ["15m", "15 minutes"],
  ["1h", "1 hour"],
  ["24h", "1 day"],
  ["168h", "1 week"],
];

interface Made {
  readonly link: string;
  readonly code?: string;
  readonly until: string | undefined;
}

/** Lets somebody back in: a code with the page to enter it at, or a link. */
export function Recovery({ identity }: { identity: Identity }) {
  const [span, setSpan] = useState("1h");
  const [made, setMade] = useState<Made>();
  const action = useAction();
  const recovery = { identity_id: identity.id, expires_in: span };
  const makeCode = async () => {
    const { answer } = await call("CreateRecoveryCodeForIdentity", { recovery });
    setMade({ link: answer.recovery_link, code: answer.recovery_code, until: answer.expires_at });
  };
  const makeLink = async () => {
    const { answer } = await call("CreateRecoveryLinkForIdentity", { recovery });
    setMade({ link: answer.recovery_link, until: answer.expires_at });
  };
  return (
    <Card title="Recovery" lead="Lets this person back in: hand them what you make here.">
      <div class="stack">
        <SelectField label="Works for" value={span} onChange={setSpan} choices={spans} />
        <div class="actions">
          <Button isBusy={action.isBusy} onPress={() => void action.run(makeCode)}>
            Make a code
          </Button>
          <Button isBusy={action.isBusy} onPress={() => void action.run(makeLink)}>
            Make a link
          </Button>
        </div>
        <ErrorNote error={action.error} />
        {made && (
          <div class="note calm" role="status">
            {made.code && (
              <p>
                <span class="code">{made.code}</span> <Copy text={made.code} what="the code" />
              </p>
            )}
            <p class="break">
              <a href={made.link} target="_blank" rel="noreferrer">
                {made.link}
              </a>{" "}
              <Copy text={made.link} what="the link" />
            </p>
            <p class="muted">
              It stops working <Time value={made.until} />, and is shown this once.
            </p>
          </div>
        )}
      </div>
    </Card>
  );
}
