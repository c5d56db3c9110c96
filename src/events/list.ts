import { sql } from "kysely";
import type { RawBuilder } from "kysely";
import type { Reach } from "../db/connection.ts";
import { firstIdAt } from "../db/id.ts";
import { wordsOf } from "../db/json-sql.ts";
import { find } from "../db/query.ts";
import { decoderOf, selectList } from "../db/row.ts";
import type { RowOf } from "../db/table.ts";
import { events } from "./entities.ts";
import type { EventFilter } from "./filter.ts";

/** An event as it is listed: it may have no number yet. */
export type ListedEvent = RowOf<typeof events>;

/** A page of events, in the order of their ids, which begin with the time. */
export interface EventPage {
  readonly filter: EventFilter;
  /** From this moment on, in milliseconds since 1970. */
  readonly since?: number | undefined;
  /** Until before this moment. */
  readonly until?: number | undefined;
  readonly ascending: boolean;
  /** The id behind which it begins; empty for the first page. */
  readonly behind: string;
  readonly limit: number;
}

/** What a page has found, and behind which id the next one begins; undefined at the end. */
export interface FoundEvents {
  readonly found: readonly ListedEvent[];
  readonly next: string | undefined;
}

/** How many events are looked at for a page where a filter has no index to itself: it may be short, and the next one goes on. */
const mostWalked = 10_000;

type Piece = RawBuilder<unknown>;

/** A way to events, in the order of their ids. */
interface Lead {
  readonly index: string;
  readonly test?: Piece;
}

/**
 * A page of events. One condition leads to them by its index, the others are looked at one after the other: so many events for
 * a page that no list takes longer the more there are.
 */
export async function listEvents(reach: Reach, page: EventPage): Promise<FoundEvents> {
  const { filter, limit } = page;
  const [lead, tests] = wayTo(filter);
  const end = tests.length > 0 ? await endOfWalk(reach, page, lead) : undefined;
  const rows = await select(reach, page, { lead, tests: end ? [...tests, upTo(page, end)] : tests });
  if (rows.length > limit) return { found: rows.slice(0, limit), next: rows[limit - 1]!.id };
  return { found: rows, next: end };
}

/** What has happened to an account, the newest first. */
export async function eventsOf(reach: Reach, subjectId: string, limit: number): Promise<readonly ListedEvent[]> {
  const filter = { types: [], subjectId };
  return (await listEvents(reach, { filter, ascending: false, behind: "", limit })).found;
}

const decode = decoderOf(events);

/** What is selected: by which way, and what has to be true beside that. */
interface Selection {
  readonly lead: Lead;
  readonly tests: readonly Piece[];
}

async function select(reach: Reach, page: EventPage, { lead, tests }: Selection): Promise<ListedEvent[]> {
  const { dialect } = reach.db;
  const columns = sql.raw(selectList(wordsOf(dialect), events, "e"));
  const conditions = sql.join([...inRange(reach, page, lead), ...tests], sql.raw(" and "));
  const rows = await reach.db.find<object>(
    sql`select ${columns} from ${along(reach, lead)} where ${conditions} order by e.id ${order(page)} limit ${sql.lit(page.limit + 1)}`,
  );
  return rows.map(decode);
}

/** The id of the last event that is looked at for a page; undefined where the walk comes to the end before. */
async function endOfWalk(reach: Reach, page: EventPage, lead: Lead): Promise<string | undefined> {
  const conditions = sql.join(inRange(reach, page, lead), sql.raw(" and "));
  const [row] = await reach.db.find<{ id: string }>(
    sql`select e.id from ${along(reach, lead)} where ${conditions} order by e.id ${order(page)} limit 1 offset ${sql.lit(mostWalked - 1)}`,
  );
  return row?.id;
}

/** InnoDB is told the index: it would choose another by statistics, and sort. */
const along = ({ db }: Reach, { index }: Lead): Piece =>
  sql.raw(db.dialect === "mysql" ? `events e force index (${index})` : "events e");

const order = ({ ascending }: EventPage): Piece => sql.raw(ascending ? "asc" : "desc");

function inRange({ tenant }: Reach, { since, until, ascending, behind }: EventPage, { test }: Lead): Piece[] {
  return [
    sql`e.nid = ${tenant.id}`,
    ...(test ? [test] : []),
    ...(since === undefined ? [] : [sql`e.id >= ${firstIdAt(since)}`]),
    ...(until === undefined ? [] : [sql`e.id < ${firstIdAt(until)}`]),
    ...(behind ? [ascending ? sql`e.id > ${behind}` : sql`e.id < ${behind}`] : []),
  ];
}

const upTo = ({ ascending }: EventPage, id: string): Piece => (ascending ? sql`e.id <= ${id}` : sql`e.id >= ${id}`);

/** The way that leads to the fewest events, and what is left to be looked at. */
function wayTo({ types, subjectId, actorId, sessionId, reason }: EventFilter): readonly [Lead, readonly Piece[]] {
  const leads: Required<Lead>[] = [];
  if (sessionId) leads.push({ index: "events_nid_session_id_id_index", test: sql`e.session_id = ${sessionId}` });
  if (subjectId) leads.push({ index: "events_nid_subject_id_id_index", test: sql`e.subject_id = ${subjectId}` });
  if (actorId) leads.push({ index: "events_nid_actor_id_id_index", test: sql`e.actor_id = ${actorId}` });
  if (types.length === 1) leads.push({ index: "events_nid_type_id_index", test: sql`e.type = ${types[0]}` });
  const [lead = { index: "events_nid_id_index" }, ...others] = leads;
  const tests = others.map(({ test }) => test);
  if (types.length > 1) tests.push(sql`e.type in (${sql.join([...types])})`);
  if (reason) tests.push(reason.endsWith(".") ? beginsWith(reason) : sql`e.reason = ${reason}`);
  return [lead, tests];
}

const beginsWith = (reason: string): Piece => sql`substr(e.reason, 1, ${sql.lit(reason.length)}) = ${reason}`;

/** An event by its id; undefined where there is none. */
export async function eventById(reach: Reach, id: string): Promise<ListedEvent | undefined> {
  const [found] = await find(reach, events, (query) => query.where("id", "=", id));
  return found;
}
