import { useState } from "preact/hooks";
import type { TestProviderResponse } from "#gen/ostiary/admin_calls.js";
import { call } from "../../calls/call.ts";
import { useAction } from "../../calls/use-action.ts";
import { Button } from "../../parts/button.tsx";
import { Card } from "../../parts/card.tsx";
import { Badge, ErrorNote } from "../../parts/notes.tsx";

/** Tries a provider out: as far as that shows without anybody, and by signing in there oneself. */
export function Trial({ id }: { id: string }) {
  const [found, setFound] = useState<TestProviderResponse>();
  const [login, setLogin] = useState("");
  const action = useAction();
  const look = async () => setFound((await call("TestProvider", { id, config: {} })).answer);
  const begin = async () => {
    const { answer } = await call("CreateTestLoginFlow", { test: { provider_id: id } });
    setLogin(answer.ui?.action ? pageOf(answer.ui.action, answer.id) : "");
  };
  return (
    <Card
      title="Try it"
      lead="A test login signs nobody in: it shows what the provider tells and what the mapper makes of it."
    >
      <div class="stack">
        <div class="actions">
          <Button isBusy={action.isBusy} onPress={() => void action.run(look)}>
            Check it
          </Button>
          <Button isBusy={action.isBusy} onPress={() => void action.run(begin)}>
            Begin a test login
          </Button>
        </div>
        <ErrorNote error={action.error} />
        {found && (
          <ul class="lines" role="status">
            {found.findings.map(({ aspect, ok, fault }) => (
              <li key={aspect}>
                <Badge tone={ok ? "good" : "danger"}>{aspect}</Badge>
                <span class="grow">{ok ? "is good" : fault}</span>
              </li>
            ))}
          </ul>
        )}
        {login && (
          <p>
            <a href={login} target="_blank" rel="noreferrer">
              Go to the test login
            </a>
          </p>
        )}
      </div>
    </Card>
  );
}

/** The server's own page of a flow, beside the address that its form is sent to. */
const pageOf = (action: string, flow: string): string => new URL(`/ui/login?flow=${flow}`, action).href;
