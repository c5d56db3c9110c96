import { createHash } from "node:crypto";
import { createReadStream, statSync } from "node:fs";
import { pipeline } from "node:stream/promises";
import { CreateIdentityBodySchema, IdentityService } from "#gen/ostiary/admin/v1/identity_service_pb.js";
import type { CreateIdentityBody } from "#gen/ostiary/admin/v1/identity_service_pb.js";
import { decode } from "../../rest/decode.ts";
import { errorMessage } from "../../text/error-message.ts";
import { adminClient } from "../admin-client.ts";
import type { CommandCall } from "../command.ts";
import { standardInput } from "../input.ts";
import { type Progress, progressOn } from "../progress.ts";
import { forTenant } from "../tenant-option.ts";
import { createPace, sendMessages, type ImportMessage, type Sending } from "./import-calls.ts";
import { reportTo, type Report } from "./import-report.ts";
import { type FileRow, type Reading, rowsOf } from "./rows.ts";

/** What has come of an import. */
export interface Imported {
  readonly rows: number;
  readonly created: number;
  readonly existing: number;
  readonly failed: number;
  /** The ids of the identities that are there now, where they were asked for. */
  readonly ids: readonly string[];
  /** Whether somebody has ended it before its end. */
  readonly interrupted: boolean;
}

type Counts = { -readonly [K in keyof Imported]: Imported[K] } & { ids: string[] };

/** Imports the rows of files, some at a time, and tells of those that fail. */
export async function runImport(call: CommandCall, list: boolean): Promise<Imported> {
  const { flags, operands: files } = call;
  const dryRun = flags["dry-run"] === true;
  const importId = flags["import-id"] === undefined ? await digestOf(files) : String(flags["import-id"]);
  const client = await adminClient(call, IdentityService);
  const progress = progressOn(call.screen);
  const quietly = (line: string) => {
    progress.clear();
    call.err(line);
  };
  const report = reportTo(flags.report === undefined ? undefined : String(flags.report), quietly);
  const run: Run = {
    sending: {
      client,
      options: forTenant(call),
      canRepeat: importId !== "" || dryRun,
      retrying: ({ rawMessage }) => quietly(`The server does not take it, and is asked again: ${rawMessage}`),
    },
    settings: { importId, dryRun, listIdentities: list },
    report,
    progress,
    began: performance.now(),
    reading: readingOf(files),
    counts: { rows: 0, created: 0, existing: 0, failed: 0, ids: [], interrupted: false },
  };
  const letGo = call.interrupted(() => (run.counts.interrupted = true));
  try {
    await sendAll(call, run);
  } finally {
    letGo();
    progress.clear();
    report.close();
  }
  return run.counts;
}

interface Run {
  readonly sending: Sending;
  readonly settings: Pick<ImportMessage, "importId" | "dryRun" | "listIdentities">;
  readonly report: Report;
  readonly progress: Progress;
  readonly began: number;
  readonly reading: Reading & { readonly total: number };
  readonly counts: Counts;
}

/** The same files are the same import. What comes by the standard input is read once, and so is known by a name of its own or not at all. */
async function digestOf(files: readonly string[]): Promise<string> {
  if (files.length === 0 || files.includes(standardInput)) return "";
  const hash = createHash("sha256");
  for (const file of files)
    try {
      await pipeline(createReadStream(file), hash, { end: false });
    } catch (cause) {
      throw new Error(`${file} cannot be read`, { cause });
    }
  return `sha256:${hash.digest("hex")}`;
}

function readingOf(files: readonly string[]): Run["reading"] {
  const isKnown = files.length > 0 && !files.includes(standardInput);
  return { bytes: 0, total: isKnown ? files.reduce((total, file) => total + statSync(file).size, 0) : 0 };
}

/** A row on its way: with what is sent of it, or with why it cannot be. */
interface Item {
  readonly row: FileRow;
  readonly key: string;
  readonly body?: CreateIdentityBody;
  reason?: string;
}

async function sendAll(call: CommandCall, run: Run): Promise<void> {
  const pace = createPace();
  const { counts } = run;
  let waiting: Item[] = [];
  for await (const row of rowsOf(call, call.operands, run.reading)) {
    waiting.push(itemOf(row, ++counts.rows));
    if (waiting.length < pace.rows()) continue;
    const began = performance.now();
    await send(waiting, run);
    pace.took(performance.now() - began);
    waiting = [];
    if (counts.interrupted) return;
  }
  await send(waiting, run);
}

function itemOf(row: FileRow, number: number): Item {
  const key = String(number);
  if (row.fault !== undefined) return { row, key, reason: `This is no JSON: ${row.fault}` };
  try {
    const body = decode(CreateIdentityBodySchema, row.json as never, { strict: true }) as CreateIdentityBody;
    return { row, key: body.externalId || key, body };
  } catch (error) {
    return { row, key, reason: errorMessage(error) };
  }
}

async function send(items: readonly Item[], run: Run): Promise<void> {
  const { counts, report, settings, sending } = run;
  for (let left = items.filter(({ body }) => body); left.length > 0;) {
    // A row that another system knows is known by that here, too.
    const messages = left.map(({ key, body }) => ({ ...settings, key: body!.externalId ? "" : key, identity: body! }));
    const answer = await sendMessages(messages, sending);
    counts.created += answer.created;
    counts.existing += answer.existing;
    counts.ids.push(...answer.identities.map(({ id }) => id));
    for (const { number, error } of answer.failures)
      left[number - 1]!.reason = error?.reason || error?.message || "It was refused.";
    // It stops where it would have to tell of too many.
    left = answer.stopped ? left.slice(answer.created + answer.existing + answer.failed) : [];
  }
  for (const { row, key, reason } of items)
    if (reason !== undefined) {
      counts.failed++;
      report.failed({ row, key, reason });
    }
  tell(run);
}

function tell({ progress, counts, reading, began }: Run): void {
  const { rows, failed, existing } = counts;
  const part = reading.total > 0 ? reading.bytes / reading.total : undefined;
  const seconds = (performance.now() - began) / 1000;
  const words = [
    `${rows} rows`,
    ...(existing > 0 ? [`${existing} there`] : []),
    ...(failed > 0 ? [`${failed} failed`] : []),
    `${Math.round(rows / seconds)}/s`,
    ...(part ? [`${timeOf((seconds / part) * (1 - part))} left`] : []),
  ];
  progress.show(part, words.join(", "));
}

const timeOf = (seconds: number): string =>
  `${Math.floor(seconds / 60)}:${String(Math.floor(seconds % 60)).padStart(2, "0")}`;
