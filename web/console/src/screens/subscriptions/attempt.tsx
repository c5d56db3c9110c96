import type { DeliveryAttempt } from "#gen/ostiary/admin_calls.js";
import { Badge } from "../../parts/notes.tsx";
import { ExactTime } from "../../parts/time.tsx";

/** How a receiver took what it was sent. */
export const Attempt = ({ attempt: { status, duration_ms, error, at } }: { attempt: DeliveryAttempt }) => (
  <>
    <Badge tone={status >= 200 && status <= 299 ? "good" : "danger"}>{status || "no answer"}</Badge>{" "}
    <span class="grow break">
      {error} <span class="muted">after {duration_ms} ms,</span> <ExactTime value={at} />
    </span>
  </>
);
