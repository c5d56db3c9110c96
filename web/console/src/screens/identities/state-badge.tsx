import type { Identity } from "#gen/ostiary/admin_calls.js";
import { Badge } from "../../parts/notes.tsx";

/** Whether an account may sign in. */
export const StateBadge = ({ state }: { state: Identity["state"] }) =>
  state === "inactive" ? <Badge tone="warning">disabled</Badge> : <Badge tone="good">active</Badge>;
