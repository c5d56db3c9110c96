import type { CourierMessage, CourierMessageDispatch } from "#gen/ostiary/admin_calls.js";
import { useCall } from "../../calls/use-call.ts";
import { JsonView } from "../../form/json-editor.tsx";
import { Card, Facts } from "../../parts/card.tsx";
import { Id } from "../../parts/copy.tsx";
import { Badge, Empty, ErrorNote, Loading, Note } from "../../parts/notes.tsx";
import { Page } from "../../parts/page.tsx";
import { ExactTime, Time } from "../../parts/time.tsx";
import type { Params } from "../../routing/match.ts";
import { MessageStatus, templateName } from "./columns.tsx";

const above = { path: "/messages", name: "Messages" };

/** A message: what it says where that may be seen, and the attempts to send it. */
export function Message({ params: { id = "" } }: { params: Params }) {
  const { answered, error, isLoading } = useCall("GetCourierMessage", { id });
  const message = answered?.answer;
  if (!message)
    return (
      <Page title="Message" above={above}>
        <ErrorNote error={error} />
        {isLoading && <Loading />}
      </Page>
    );
  return (
    <Page title={templateName(message.template_type)} above={above}>
      <div class="columns">
        <div class="stack">
          <Content message={message} />
          <Attempts dispatches={message.dispatches ?? []} />
        </div>
        <Card title="Facts">
          <Facts
            rows={[
              ["Status", <MessageStatus status={message.status} />],
              ["To", <span class="break">{message.recipient}</span>],
              ["Channel", message.channel || message.type],
              ["Template", <code>{message.template_type}</code>],
              ["Attempts", message.send_count],
              ["Made", <ExactTime value={message.created_at} />],
              ["Changed", <Time value={message.updated_at} />],
              ["Id", <Id value={message.id} />],
            ]}
          />
        </Card>
      </div>
    </Page>
  );
}

// What the server puts in the place of what it does not show.
const hidden = /^<redacted/i;

function Content({ message: { subject, body } }: { message: CourierMessage }) {
  if (!body || hidden.test(body))
    return (
      <Card title="Content">
        <Note>
          What messages say is shown by servers in development alone (<code>--dev</code>): it holds codes and links that
          let people in.
        </Note>
      </Card>
    );
  return (
    <Card title={subject || "Content"}>
      <pre class="mail" tabIndex={0} aria-label="Content">
        {body}
      </pre>
    </Card>
  );
}

const Attempts = ({ dispatches }: { dispatches: readonly CourierMessageDispatch[] }) => (
  <Card title="Attempts">
    {!dispatches.length && <Empty title="Not tried yet" />}
    <ul class="lines">
      {dispatches.map(({ id, status, error, created_at }) => (
        <li key={id}>
          <span class="grow">
            <Badge tone={status === "success" ? "good" : "danger"}>{status}</Badge> <ExactTime value={created_at} />
            {error !== null && <JsonView value={error} label="What went wrong" />}
          </span>
        </li>
      ))}
    </ul>
  </Card>
);
