import { useState } from "preact/hooks";
import type { CreateSubscriptionResponse, SubscriptionContentInput } from "#gen/ostiary/admin_calls.js";
import { call } from "../../calls/call.ts";
import { useAction } from "../../calls/use-action.ts";
import { ButtonLink } from "../../parts/button.tsx";
import { ErrorNote } from "../../parts/notes.tsx";
import { Page } from "../../parts/page.tsx";
import { ContentForm } from "./form.tsx";
import { SigningSecret } from "./secret.tsx";

const above = { path: "/subscriptions", name: "Subscriptions" };

/** Subscribes a server to the events of the tenant that is looked at. */
export function NewSubscription() {
  const [made, setMade] = useState<CreateSubscriptionResponse>();
  const action = useAction();
  const make = async (subscription: SubscriptionContentInput) =>
    setMade((await call("CreateSubscription", { subscription })).answer);
  if (made)
    return (
      <Page title={made.subscription?.url ?? "New subscription"} above={above}>
        <SigningSecret secret={made.secret} />
        <div>
          <ButtonLink path={`/subscriptions/${made.subscription?.id}`}>Go to the subscription</ButtonLink>
        </div>
      </Page>
    );
  return (
    <Page
      title="New subscription"
      above={above}
      lead="It is told of what happens from now on in the tenant that you look at, and of nothing in others."
    >
      <div class="card narrow">
        <div class="card-body stack">
          <ContentForm
            verb="Subscribe"
            isBusy={action.isBusy}
            onSave={(content) => void action.run(() => make(content))}
          />
          <ErrorNote error={action.error} />
        </div>
      </div>
    </Page>
  );
}
