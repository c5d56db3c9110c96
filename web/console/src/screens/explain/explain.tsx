import { useState } from "preact/hooks";
import type { ExplainedMethod, ExplainLoginResponse } from "#gen/ostiary/admin_calls.js";
import { useCall } from "../../calls/use-call.ts";
import { Card } from "../../parts/card.tsx";
import { Badge, ErrorNote, Loading, Note } from "../../parts/notes.tsx";
import { Page } from "../../parts/page.tsx";
import { useStore } from "../../parts/store.ts";
import { ExactTime } from "../../parts/time.tsx";
import { place, setQuery } from "../../routing/place.ts";
import { credentialNames } from "../identities/credentials.tsx";
import { Findings } from "./findings.tsx";

/** Why somebody can sign in, or cannot. */
export function Explain() {
  const { query } = useStore(place);
  const asked = query.get("who") ?? "";
  const [text, setText] = useState(asked);
  const { answered, error, isLoading } = useCall(
    "ExplainLogin",
    asked ? { question: { identifier: asked } } : undefined,
  );
  return (
    <Page
      title="Explain sign-in"
      lead="Why somebody can sign in, or cannot. Looking spends no guess and sends nothing."
    >
      <form
        class="search"
        role="search"
        onSubmit={(event) => {
          event.preventDefault();
          setQuery({ who: text.trim() });
        }}
      >
        <input
          type="search"
          aria-label="Who wants to sign in"
          placeholder="What they type: an address, a name, or their id"
          value={text}
          onInput={(event) => setText(event.currentTarget.value)}
        />
        <button type="submit" class="button primary">
          Explain
        </button>
      </form>
      <ErrorNote error={error} />
      {isLoading && <Loading />}
      {answered && <Explanation answer={answered.answer} />}
    </Page>
  );
}

const Explanation = ({ answer }: { answer: ExplainLoginResponse }) => (
  <div class="stack">
    <Note tone={answer.can_sign_in ? "good" : "danger"}>
      <p>
        <strong>{answer.can_sign_in ? "Yes." : "No."}</strong> {answer.summary}
      </p>
      {answer.account && (
        <p>
          <a href={`/console/identities/${answer.account.id}`}>Show the account</a>
          {answer.account.found_by.length > 0 && `, found by ${answer.account.found_by.join(" and ")}`}
        </p>
      )}
    </Note>
    {answer.findings.length > 0 && (
      <Card title="What was found">
        <Findings findings={answer.findings} />
      </Card>
    )}
    {answer.methods.length > 0 && (
      <Card title="Methods">
        <ul class="lines">
          {answer.methods.map((method) => (
            <Method key={`${method.method} ${method.factor}`} method={method} />
          ))}
        </ul>
      </Card>
    )}
  </div>
);

const Method = ({
  method: { method, factor, usable, enabled, set_up, reason, cure, throttled_until },
}: {
  method: ExplainedMethod;
}) => (
  <li>
    <span class="grow">
      <strong>{credentialNames[method] ?? method}</strong>{" "}
      <span class="muted">{factor === 2 ? "second factor" : "first factor"}</span>
      <span class="second">
        {reason} {cure}
        {throttled_until && (
          <>
            {" "}
            Until <ExactTime value={throttled_until} />.
          </>
        )}
      </span>
    </span>
    {!enabled && <Badge>off</Badge>}
    {enabled && !set_up && <Badge>not set up</Badge>}
    {usable ? <Badge tone="good">usable</Badge> : <Badge tone="warning">not usable</Badge>}
  </li>
);
