import { useCall } from "../../calls/use-call.ts";
import { JsonView } from "../../form/json-editor.tsx";
import { Card, Facts } from "../../parts/card.tsx";
import { Id } from "../../parts/copy.tsx";
import { ErrorNote, Loading } from "../../parts/notes.tsx";
import { Page } from "../../parts/page.tsx";
import { ExactTime } from "../../parts/time.tsx";
import type { Params } from "../../routing/match.ts";
import { Chain } from "./chain.tsx";
import { Account, eventName, Who } from "./columns.tsx";

const above = { path: "/events", name: "Events" };

/** An event: what it says, who did it, and its place in the chain. */
export function EventDetail({ params: { id = "" } }: { params: Params }) {
  const { answered, error, isLoading } = useCall("GetEvent", { id });
  const event = answered?.answer;
  if (!event)
    return (
      <Page title="Event" above={above}>
        <ErrorNote error={error} />
        {isLoading && <Loading />}
      </Page>
    );
  const { actor } = event;
  return (
    <Page title={eventName(event.type)} above={above}>
      <div class="columns">
        <div class="stack">
          <Card title="Payload">
            <JsonView value={event.payload as never} label="Payload" />
          </Card>
          <Chain event={event} />
        </div>
        <Card title="Facts">
          <Facts
            rows={[
              ["Type", <code>{event.type}</code>],
              ["Reason", <code>{event.reason}</code>],
              ["When", <ExactTime value={event.occurred_at} />],
              ["Account", <Account id={event.subject_id} />],
              ["By", <Who actor={actor} />],
              actor?.on_behalf_of && ["In the place of", <Account id={actor.on_behalf_of} />],
              event.session_id && ["Session", <Id value={event.session_id} />],
              event.client_address && ["Address", event.client_address],
              event.request_id && ["Request", <Id value={event.request_id} />],
              ["Id", <Id value={event.id} />],
            ]}
          />
        </Card>
      </div>
    </Page>
  );
}
