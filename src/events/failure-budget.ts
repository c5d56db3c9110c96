import { createBoundedCache } from "../bounded-cache.ts";
import type { BoundedCache } from "../bounded-cache.ts";
import type { Database, Reach } from "../db/connection.ts";
import { shareOf } from "../peers.ts";

const windowMs = 3_600_000;
const mostOfAccount = shareOf(100);
const mostOfNobody = shareOf(1000);
const mostAccounts = 10_000;

interface Window {
  readonly endsAt: number;
  recorded: number;
  unrecorded: number;
}

// By database, since tenants have the same ids in all of them.
const windowsOf = new WeakMap<Database, BoundedCache<string, Window>>();

/**
 * Takes a place for the event of a failed attempt and returns how many had none since the last one that had; undefined where
 * there is none left in this hour. Attackers fail as often as they like, and should not fill the disk by it: an account has so
 * many places at each server, and all attempts of a tenant at nobody's account share theirs.
 */
export function takeFromBudget(
  { db, tenant }: Reach,
  subjectId: string | null | undefined,
  nowMs: number,
): number | undefined {
  const windows = windowsOf.get(db.database) ?? createBoundedCache<string, Window>(mostAccounts);
  windowsOf.set(db.database, windows);
  const key = `${tenant.id} ${subjectId ?? ""}`;
  const known = windows.get(key);
  const window =
    known && nowMs < known.endsAt
      ? known
      : windows.set(key, { endsAt: nowMs + windowMs, recorded: 0, unrecorded: known?.unrecorded ?? 0 });
  if (window.recorded >= (subjectId ? mostOfAccount : mostOfNobody)) {
    window.unrecorded++;
    return undefined;
  }
  window.recorded++;
  const { unrecorded } = window;
  window.unrecorded = 0;
  return unrecorded;
}
