import { timestampFromMs } from "@bufbuild/protobuf/wkt";
import type { Timestamp } from "@bufbuild/protobuf/wkt";
import type { CommandCall, Option } from "./command.ts";
import { serverOptions } from "./admin-client.ts";
import { localOption } from "./is-local.ts";
import { formatOptions } from "./output/format.ts";
import { tenantOption } from "./tenant-option.ts";
import { duration } from "./values.ts";

/** The flags that say whose events are asked for, and how they are printed. */
export const eventSourceOptions: readonly Option[] = [...serverOptions, localOption, tenantOption, ...formatOptions];

/** The flags that say which events are asked for. */
export const eventFilterOptions: readonly Option[] = [
  { name: "type", value: "type", multiple: true, summary: "Only events of this type, such as LoginFailed." },
  { name: "subject", value: "id", summary: "Only events of this account." },
  { name: "actor", value: "id", summary: "Only what this identity or API key did." },
  { name: "session", value: "id", summary: "Only events of this session." },
  {
    name: "reason",
    value: "reason",
    summary: "Only what came about in this way, such as login.password, or admin. for all that begins so.",
  },
];

/** Reads a moment: as RFC 3339 writes it, or how long ago it was. */
export function moment(typed: string): Timestamp {
  const written = /^\d{4}-\d\d-\d\d(T|$)/.test(typed) ? Date.parse(typed) : Number.NaN;
  if (!Number.isNaN(written)) return timestampFromMs(written);
  try {
    return timestampFromMs(Date.now() - duration(typed));
  } catch {
    throw new Error("must be a moment such as 2026-01-31T09:30:00Z, or how long ago it was, such as 24h.");
  }
}

/** Which events a command was asked for. */
export function eventFilterOf({ flags }: CommandCall) {
  const text = (name: string) => (flags[name] === undefined ? "" : String(flags[name]));
  const types = (flags.type as string[] | undefined)?.flatMap((some) => some.split(",")).filter(Boolean) ?? [];
  return {
    types,
    subjectId: text("subject"),
    actorId: text("actor"),
    sessionId: text("session"),
    reason: text("reason"),
  };
}
