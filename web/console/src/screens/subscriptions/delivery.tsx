import { call } from "../../calls/call.ts";
import { useAction } from "../../calls/use-action.ts";
import { useCall } from "../../calls/use-call.ts";
import { Button } from "../../parts/button.tsx";
import { Card, Facts } from "../../parts/card.tsx";
import { Id } from "../../parts/copy.tsx";
import { Empty, ErrorNote, Loading } from "../../parts/notes.tsx";
import { Page } from "../../parts/page.tsx";
import { say } from "../../parts/say.tsx";
import { ExactTime } from "../../parts/time.tsx";
import type { Params } from "../../routing/match.ts";
import { Account, eventName } from "../events/columns.tsx";
import { Attempt } from "./attempt.tsx";
import { DeliveryState } from "./deliveries.tsx";

/** A delivery, with the attempts that were made; it can be sent once more. */
export function DeliveryDetail({ params: { id = "", delivery: deliveryId = "" } }: { params: Params }) {
  const request = { id, delivery_id: deliveryId };
  const { answered, error, isLoading, reload } = useCall("GetDelivery", request);
  const action = useAction();
  const above = { path: `/subscriptions/${encodeURIComponent(id)}`, name: "Subscription" };
  const delivery = answered?.answer;
  if (!delivery)
    return (
      <Page title="Delivery" above={above}>
        <ErrorNote error={error} />
        {isLoading && <Loading />}
      </Page>
    );
  const replay = async () => {
    await call("ReplayDelivery", request);
    say("The event is on its way once more.");
    reload();
  };
  return (
    <Page
      title={eventName(delivery.type)}
      above={above}
      lead={<DeliveryState state={delivery.state} />}
      actions={
        <Button isBusy={action.isBusy} onPress={() => void action.run(replay)}>
          Send once more
        </Button>
      }
    >
      <ErrorNote error={action.error} />
      <div class="columns">
        <Card title="Attempts">
          {!delivery.attempts.length && <Empty title="Not tried yet" />}
          <ul class="lines">
            {delivery.attempts.map((attempt) => (
              <li key={attempt.at}>
                <Attempt attempt={attempt} />
              </li>
            ))}
          </ul>
        </Card>
        <Card title="Facts">
          <Facts
            rows={[
              ["Event", <a href={`/console/events/${delivery.event_id}`}>{eventName(delivery.type)}</a>],
              ["Account", <Account id={delivery.subject_id} />],
              ["Taken in", <ExactTime value={delivery.created_at} />],
              delivery.settled_at && ["Over", <ExactTime value={delivery.settled_at} />],
              ["Id", <Id value={delivery.id} />],
            ]}
          />
        </Card>
      </div>
    </Page>
  );
}
