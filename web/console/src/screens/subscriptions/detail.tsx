import { useState } from "preact/hooks";
import type { Subscription, SubscriptionContentInput } from "#gen/ostiary/admin_calls.js";
import { call } from "../../calls/call.ts";
import { useAction } from "../../calls/use-action.ts";
import { useCall } from "../../calls/use-call.ts";
import { Button } from "../../parts/button.tsx";
import { Card, Facts } from "../../parts/card.tsx";
import { Id } from "../../parts/copy.tsx";
import { Confirm } from "../../parts/dialog.tsx";
import { ErrorNote, Loading, Note } from "../../parts/notes.tsx";
import { Page } from "../../parts/page.tsx";
import { say } from "../../parts/say.tsx";
import { ExactTime, Time } from "../../parts/time.tsx";
import type { Params } from "../../routing/match.ts";
import { goTo } from "../../routing/place.ts";
import { Deliveries } from "./deliveries.tsx";
import { ContentForm } from "./form.tsx";
import { Replay } from "./replay.tsx";
import { Rotation } from "./rotation.tsx";
import { SubscriptionState } from "./state.tsx";
import { Trial } from "./trial.tsx";

const above = { path: "/subscriptions", name: "Subscriptions" };

/** A subscription: whether it sends, what is on its way, and what can be changed. */
export function SubscriptionDetail({ params: { id = "" } }: { params: Params }) {
  const { answered, error, isLoading, reload } = useCall("GetSubscription", { id });
  const [round, setRound] = useState(0);
  const action = useAction();
  const subscription = answered?.answer;
  if (!subscription)
    return (
      <Page title="Subscription" above={above}>
        <ErrorNote error={error} />
        {isLoading && <Loading />}
      </Page>
    );
  const isKept = subscription.origin === "database";
  const turn = async () => {
    const pauses = subscription.state === "active";
    await (pauses ? call("PauseSubscription", { id }) : call("ResumeSubscription", { id }));
    say(pauses ? "The subscription is paused." : "The subscription goes on.");
    reload();
  };
  return (
    <Page
      title={subscription.description || subscription.url}
      above={above}
      lead={<SubscriptionState subscription={subscription} />}
      actions={
        <Button isBusy={action.isBusy} onPress={() => void action.run(turn)}>
          {subscription.state === "active" ? "Pause" : "Resume"}
        </Button>
      }
    >
      <ErrorNote error={action.error} />
      <div class="columns">
        <div class="stack">
          <Deliveries id={id} key={round} />
          <Content subscription={subscription} onChange={reload} />
        </div>
        <div class="stack">
          <Trial id={id} />
          {isKept && <Rotation subscription={subscription} onChange={reload} />}
          <Replay id={id} onDone={() => setRound((before) => before + 1)} />
          <Card title="Facts">
            <Facts
              rows={[
                ["Id", <Id value={id} />],
                ["Made", <ExactTime value={subscription.created_at} />],
                ["Changed", <Time value={subscription.updated_at} />],
              ]}
            />
          </Card>
          {isKept && <End subscription={subscription} />}
        </div>
      </div>
    </Page>
  );
}

function Content({ subscription, onChange }: { subscription: Subscription; onChange: () => void }) {
  const { id, url, types, origin } = subscription;
  const action = useAction();
  const save = async (content: SubscriptionContentInput) => {
    await call("UpdateSubscription", { id, subscription: content });
    say("The subscription was changed.");
    onChange();
  };
  return (
    <Card title="What is sent where">
      {origin === "configuration" ? (
        <div class="stack">
          <Note>It stands in the server's file, and is changed there.</Note>
          <Facts
            rows={[
              ["Address", <span class="break">{url}</span>],
              ["Types", types.join(", ") || "all"],
            ]}
          />
        </div>
      ) : (
        <div class="stack">
          <ContentForm
            key={subscription.updated_at}
            before={subscription}
            verb="Save"
            isBusy={action.isBusy}
            onSave={(content) => void action.run(() => save(content))}
          />
          <ErrorNote error={action.error} />
        </div>
      )}
    </Card>
  );
}

function End({ subscription: { id, url } }: { subscription: Subscription }) {
  const [asks, setAsks] = useState(false);
  return (
    <Card title="End">
      <div>
        <Button kind="danger" onPress={() => setAsks(true)}>
          Delete
        </Button>
      </div>
      {asks && (
        <Confirm
          title="Delete the subscription?"
          verb="Delete"
          word={new URL(url).host}
          call="DeleteSubscription"
          request={{ id }}
          onClose={() => setAsks(false)}
          onConfirm={async () => {
            await call("DeleteSubscription", { id });
            say("The subscription was deleted.");
            goTo("/subscriptions");
          }}
        >
          <p>What waits to be delivered is deleted with it.</p>
        </Confirm>
      )}
    </Card>
  );
}
