import type { Context } from "../context.ts";
import type { RowOf } from "../db/table.ts";
import { count } from "../statistics/tally.ts";
import type { Subject } from "../statistics/tally.ts";
import type { events } from "./entities.ts";
import type { AttemptPayload, EventType } from "./event-types.ts";

type Told = Pick<RowOf<typeof events>, "type" | "occurredAt" | "payload">;

/** What is counted of an event: an attempt by its method and outcome, an account that comes or goes. */
const counted: { readonly [T in EventType]?: readonly [Subject, kind?: string] } = {
  LoginSucceeded: ["login"],
  LoginFailed: ["login"],
  RegistrationSucceeded: ["registration"],
  RegistrationFailed: ["registration"],
  RecoverySucceeded: ["recovery"],
  RecoveryFailed: ["recovery"],
  VerificationSucceeded: ["verification"],
  VerificationFailed: ["verification"],
  SettingsSucceeded: ["settings"],
  SettingsFailed: ["settings"],
  IdentityCreated: ["identity", "created"],
  IdentityDeleted: ["identity", "deleted"],
};

/** The second reader of events: counts them by the hour, once they are committed, also those that found no place. */
export function tallyEvents(ctx: Context, committed: readonly Told[]): void {
  for (const { type, occurredAt, payload } of committed) {
    const [subject, kind = attemptOf(payload as never)] = counted[type as EventType] ?? [];
    if (subject) count(ctx, subject, kind, occurredAt);
  }
}

interface Attempt extends Pick<AttemptPayload, "method"> {
  readonly outcome?: string;
}

const attemptOf = ({ method, outcome = "passed" }: Attempt): string => `${outcome}/${method}`;
