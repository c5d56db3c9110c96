import type { Subscription } from "#gen/ostiary/admin_calls.js";
import { Badge } from "../../parts/notes.tsx";
import { Time } from "../../parts/time.tsx";

const tones = { active: "good", paused: "calm", disabled: "danger" } as const;

/** Whether a subscription sends, and whether its receiver takes anything. */
export const SubscriptionState = ({
  subscription: { state = "active", failing_since },
}: {
  subscription: Subscription;
}) =>
  state === "active" && failing_since ? (
    <>
      <Badge tone="warning">failing</Badge>{" "}
      <span class="second">
        since <Time value={failing_since} />
      </span>
    </>
  ) : (
    <Badge tone={tones[state]}>{state}</Badge>
  );
