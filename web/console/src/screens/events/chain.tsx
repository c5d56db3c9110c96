import { useEffect, useState } from "preact/hooks";
import type { Event } from "#gen/ostiary/admin_calls.js";
import { useCall } from "../../calls/use-call.ts";
import type { AnswerOf } from "../../calls/http.ts";
import { Card, Facts } from "../../parts/card.tsx";
import { Id } from "../../parts/copy.tsx";
import { Badge, ErrorNote, Loading, Note } from "../../parts/notes.tsx";

/** What became of recomputing a hash. */
type Outcome = "fits" | "does not fit" | "not possible";

/** SHA-256 of a text, in hexadecimal. */
async function sha256(text: string): Promise<string> {
  const hash = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text));
  return Array.from(new Uint8Array(hash), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

async function judge({ entries, base }: AnswerOf<"ListChainEntries">, sequence: number): Promise<Outcome> {
  // Browsers compute hashes on pages alone that came to them safely.
  if (!globalThis.crypto?.subtle) return "not possible";
  const own = entries.find((entry) => entry.sequence === sequence);
  const before = [...entries, ...(base ? [base] : [])].find((entry) => entry.sequence === sequence - 1);
  if (!own || !before) return "does not fit";
  return (await sha256(`${before.hash}\n${own.canonical}`)) === own.hash ? "fits" : "does not fit";
}

/** The place of an event in the chain, recomputed in the browser. */
export function Chain({ event: { sequence, hash } }: { event: Event }) {
  const { answered, error } = useCall(
    "ListChainEntries",
    sequence ? { after: Math.max(0, sequence - 2), page_size: 2 } : undefined,
  );
  const [outcome, setOutcome] = useState<Outcome>();
  useEffect(() => {
    if (answered && sequence) void judge(answered.answer, sequence).then(setOutcome);
  }, [answered, sequence]);
  if (!sequence || !hash)
    return (
      <Card title="Chain">
        <Note>The event gets its number and its hash within seconds.</Note>
      </Card>
    );
  return (
    <Card title="Chain" lead="Each event has a hash over the one before and all that it says.">
      <ErrorNote error={error} />
      {!outcome && !error && <Loading lines={2} />}
      {outcome && (
        <Facts
          rows={[
            ["Number", sequence],
            [
              "State",
              outcome === "not possible" ? (
                "Browsers recompute hashes on pages with HTTPS alone."
              ) : (
                <Badge tone={outcome === "fits" ? "good" : "danger"}>{outcome}</Badge>
              ),
            ],
            ["Hash", <Id value={hash} />],
          ]}
        />
      )}
      <p class="muted">
        <code>ostiary events verify</code> recomputes all of them.
      </p>
    </Card>
  );
}
