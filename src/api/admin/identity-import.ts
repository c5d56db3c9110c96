import type { MessageInitShape } from "@bufbuild/protobuf";
import type {
  CreateIdentityBody,
  ImportIdentitiesRequest,
  ImportIdentitiesResponseSchema,
} from "#gen/ostiary/admin/v1/identity_service_pb.js";
import type { Context } from "../../context.ts";
import { ErrorReason, type Problem, problem, toProblem } from "../../errors.ts";
import { findImported, importMark, markImported } from "../../identity/imported.ts";
import type { IdentityWithCredentialsRow } from "../../identity/rows.ts";
import { claimTexts, takenClaims } from "../../identity/taken.ts";
import { createIdentities } from "../../identity/write.ts";
import type { Received } from "../../rest/json-lines.ts";
import { createTally, type Tally } from "./import-tally.ts";
import { newIdentity } from "./read-identity.ts";

const longestName = 255;
const longestKey = 512;
// A transaction's worth of rows, or as much as may be held of several imports at once.
const rowsAtOnce = 200;
const bytesAtOnce = 1024 * 1024;
// While the database writes some, this process prepares the next ones.
const atOnce = 2;
// Of a dry run, in which nobody else remembers them.
const mostClaims = 500_000;

/** What an import is about, as its first message says. */
interface Settings {
  readonly importId: string;
  readonly dryRun: boolean;
  readonly list: boolean;
}

/** A row that can be read. */
interface Row {
  readonly number: number;
  readonly key: string;
  /** By which it is known what has been made of it; undefined where nobody shall know. */
  readonly mark: string | undefined;
  readonly body: CreateIdentityBody;
}

type Draft = Row & { readonly identity: IdentityWithCredentialsRow };

/** Some rows of a stream, in its order, and what is wrong with others among them. */
interface Batch {
  readonly rows: Row[];
  readonly refused: { readonly number: number; readonly key: string; readonly problem: Problem }[];
  bytes: number;
  /** Whether a key of those before comes again: what has been made of it has to be known first. */
  repeats: boolean;
}

const emptyBatch = (): Batch => ({ rows: [], refused: [], bytes: 0, repeats: false });

/** Makes identities of a stream of them, some at a time: while some are written, the next ones are read. */
export async function importIdentities(
  ctx: Context,
  received: AsyncIterable<Received<ImportIdentitiesRequest>>,
): Promise<MessageInitShape<typeof ImportIdentitiesResponseSchema>> {
  const tally = createTally();
  const run: Run = { ctx, tally, claimed: new Set() };
  const working: Promise<void>[] = [];
  for await (const batch of batchesOf(received, run)) {
    if (batch.repeats) await Promise.all(working.splice(0));
    else if (working.length >= atOnce) await working.shift();
    if (tally.isFull()) {
      await Promise.all(working);
      return { ...tally.answer(), stopped: true };
    }
    const written = work(batch, run);
    // Told once it is waited for.
    written.catch(() => undefined);
    working.push(written);
  }
  await Promise.all(working);
  return tally.answer();
}

interface Run {
  readonly ctx: Context;
  readonly tally: Tally;
  /** What the rows of a dry run have laid claim to. */
  readonly claimed: Set<string>;
  settings?: Settings;
}

async function* batchesOf(received: AsyncIterable<Received<ImportIdentitiesRequest>>, run: Run): AsyncGenerator<Batch> {
  let batch = emptyBatch();
  let keys = new Set<string>();
  // As many as may be worked on when the next one begins.
  let before: Set<string>[] = [];
  let number = 0;
  for await (const one of received) {
    const read = rowOf(one, ++number, run);
    const count = batch.rows.length + batch.refused.length;
    const isFull = count >= rowsAtOnce || batch.bytes + one.bytes > bytesAtOnce;
    // What comes twice is there already the second time, if it has been made.
    if ((isFull && count > 0) || keys.has(read.key)) {
      yield batch;
      batch = emptyBatch();
      before = [keys, ...before].slice(0, atOnce);
      keys = new Set();
    }
    if ("problem" in read) batch.refused.push(read);
    else {
      batch.rows.push(read);
      keys.add(read.key);
      batch.repeats ||= before.some((earlier) => earlier.has(read.key));
    }
    batch.bytes += one.bytes;
  }
  yield batch;
}

function rowOf(
  { message, problem: refusal }: Received<ImportIdentitiesRequest>,
  number: number,
  run: Run,
): Row | Batch["refused"][number] {
  const { key: given = "", identity: body } = message ?? {};
  const key = given || body?.externalId || String(number);
  if (message) run.settings = settingsOf(message, run.settings);
  if (refusal || !body) return { number, key, problem: refusal ?? problem(ErrorReason.BAD_REQUEST) };
  if (given.length > longestKey) {
    const reason = `The key is longer than ${longestKey} characters.`;
    return { number, key: "", problem: problem(ErrorReason.BAD_REQUEST, { reason }) };
  }
  const { importId } = run.settings!;
  // A number must not stand for what somebody has called by that name.
  const name = given ? `key ${given}` : body.externalId ? `external id ${body.externalId}` : `number ${number}`;
  return { number, key, body, mark: importId ? importMark(importId, name) : undefined };
}

function settingsOf({ importId, dryRun, listIdentities }: ImportIdentitiesRequest, before?: Settings): Settings {
  if (before?.importId === importId) return before;
  if (before)
    throw problem(ErrorReason.BAD_REQUEST, {
      reason: "The import_id has to be the same in all messages of an import.",
    });
  if (importId.length > longestName)
    throw problem(ErrorReason.BAD_REQUEST, { reason: `The import_id is longer than ${longestName} characters.` });
  return { importId, dryRun, list: listIdentities };
}

async function work({ rows, refused }: Batch, run: Run): Promise<void> {
  const { ctx, tally, settings } = run;
  for (const one of refused) tally.failed(one, one.problem);
  if (rows.length === 0) return;
  const { dryRun, list } = settings!;
  const there = await findImported(ctx, marksOf(rows));
  let drafts: Draft[] = [];
  for (const row of rows) {
    const known = there.get(row.mark ?? "");
    if (known !== undefined) tally.existing(row, list ? known : undefined);
    else drafts.push(...(await draftOf(row, run)));
  }
  while (drafts.length > 0) drafts = dryRun ? await judge(drafts, run) : await write(drafts, run);
}

const marksOf = (rows: readonly Row[]): string[] => rows.flatMap(({ mark }) => mark ?? []);

/** One after another: to hash all their passwords at once would take every place in the queue from people who sign in. */
async function draftOf(row: Row, { ctx, tally, settings }: Run): Promise<Draft[]> {
  try {
    return [{ ...row, identity: await newIdentity(ctx, row.body, { judgeOnly: settings!.dryRun }) }];
  } catch (thrown) {
    const error = toProblem(thrown);
    // Trouble of the server's own ends the whole call.
    if (error.reason !== ErrorReason.BAD_REQUEST) throw thrown;
    tally.failed(row, error);
    return [];
  }
}

const conflict = () =>
  problem(ErrorReason.CONFLICT, {
    reason: "An identifier, an address or the external_id already belongs to another identity.",
  });

/** Judges drafts as if they were written. */
async function judge(drafts: readonly Draft[], { ctx, tally, claimed }: Run): Promise<Draft[]> {
  const taken = await takenClaims(
    ctx,
    drafts.map(({ identity }) => identity),
  );
  for (const draft of drafts) {
    const claims = claimTexts(draft.identity);
    if (claims.some((claim) => taken.has(claim) || claimed.has(claim))) tally.failed(draft, conflict());
    else {
      tally.created(draft, undefined);
      if (claimed.size < mostClaims) for (const claim of claims) claimed.add(claim);
    }
  }
  return [];
}

/** Writes those that nothing is in the way of, and answers with those that another one of them may be in the way of. */
async function write(drafts: readonly Draft[], { ctx, tally, settings }: Run): Promise<Draft[]> {
  const taken = await takenClaims(
    ctx,
    drafts.map(({ identity }) => identity),
  );
  const claimed = new Set<string>();
  const [free, later]: [Draft[], Draft[]] = [[], []];
  for (const draft of drafts) {
    const claims = claimTexts(draft.identity);
    if (claims.some((claim) => taken.has(claim))) tally.failed(draft, conflict());
    else if (claims.some((claim) => claimed.has(claim))) later.push(draft);
    else {
      free.push(draft);
      for (const claim of claims) claimed.add(claim);
    }
  }
  const marks = new Map(free.flatMap(({ mark, identity }) => (mark ? [[identity.id, mark]] : [])));
  const written = await createIdentities(
    ctx,
    free.map(({ identity }) => identity),
    { reason: "admin.import" },
    (tx, some) =>
      markImported(
        tx,
        some.flatMap(({ id }) => (marks.has(id) ? [{ mark: marks.get(id)!, identityId: id }] : [])),
      ),
  );
  const refused = free.filter((_, at) => !written[at]);
  // Somebody else may have sent the same import at the same time.
  const meanwhile = await findImported(ctx, marksOf(refused));
  for (const [at, draft] of free.entries()) {
    const list = (id: string) => (settings!.list ? id : undefined);
    const known = meanwhile.get(draft.mark ?? "");
    if (written[at]) tally.created(draft, list(draft.identity.id));
    else if (known !== undefined) tally.existing(draft, list(known));
    else tally.failed(draft, conflict());
  }
  return later;
}
