import type { Log } from "../log.ts";
import type { RowOf } from "../db/table.ts";
import type { events } from "./entities.ts";
import type { AttemptPayload, EventType, FailedAttemptPayload } from "./event-types.ts";

type Told = Pick<RowOf<typeof events>, "type" | "subjectId" | "clientAddress" | "payload">;

/** The kinds of flows whose attempts are told of, by the events that tell of them. */
const attempts: { readonly [T in EventType]?: string } = {
  LoginSucceeded: "login",
  LoginFailed: "login",
  RegistrationSucceeded: "registration",
  RegistrationFailed: "registration",
  SettingsSucceeded: "settings",
  SettingsFailed: "settings",
  RecoverySucceeded: "recovery",
  RecoveryFailed: "recovery",
  VerificationSucceeded: "verification",
  VerificationFailed: "verification",
};

/** The kind of flow whose attempt an event tells of, if it tells of one. */
export const kindOfAttempt = (type: string): string | undefined => attempts[type as EventType];

/** The first reader of events: tells the log of attempts, good and bad, from the very rows that are committed. */
export function logAttempts(log: Log, committed: readonly Told[]): void {
  for (const { type, subjectId, clientAddress, payload } of committed) {
    const kind = kindOfAttempt(type);
    if (!kind) continue;
    const { flow_id, method, outcome = "passed", messages } = payload as AttemptPayload & Partial<FailedAttemptPayload>;
    log.info(`${kind}.${outcome}`, {
      flow_id,
      method,
      client: clientAddress ?? "",
      ...(subjectId && { identity_id: subjectId }),
      ...(messages && { messages }),
    });
  }
}
