import type { Database } from "../db/connection.ts";
import { statement } from "../db/statement.ts";

/** More are not counted. */
const mostCounted = 10_000;

const figures = statement(
  "subscription_figures",
  `select (select count(*) from (select id from subscription_deliveries where settled_at is null limit ${mostCounted}) q) as pending,
    (select created_at from subscription_deliveries where settled_at is null order by id limit 1) as oldest,
    (select count(*) from subscriptions where failing_since is not null and state = 'active') as failing`,
);

/** How much waits to be delivered, of all tenants. */
export interface DeliveryFigures {
  /** No more than 10,000 are counted. */
  readonly pending: number;
  /** How long the oldest has waited; 0 where none does. */
  readonly lagSeconds: number;
  /** Subscriptions whose receivers are left alone, since they fail whatever they are sent. */
  readonly failing: number;
}

/** Looks how much waits. */
export async function readFigures(db: Database, now: Date): Promise<DeliveryFigures> {
  const [row] = await db.read<{ pending: number; oldest: number | null; failing: number }>(figures, []);
  const oldest = row?.oldest ?? null;
  const waited = oldest === null ? 0 : now.getTime() - Number(oldest);
  return {
    pending: Number(row?.pending ?? 0),
    lagSeconds: Math.max(0, waited) / 1000,
    failing: Number(row?.failing ?? 0),
  };
}
