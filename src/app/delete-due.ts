import { assertNotLastOwner } from "../access/administrators.ts";
import type { Database } from "../db/connection.ts";
import { dueAtOnce, identitiesDue } from "../identity/due-deletions.ts";
import { deleteIfDue } from "../identity/write.ts";
import type { Log } from "../log.ts";
import type { Directory } from "../tenant/directory.ts";
import { startRounds } from "./rounds.ts";
import { systemContext } from "./system-context.ts";

/** What deletions are done with. */
export interface DueDeletionOptions {
  readonly db: Database;
  readonly log: Log;
  readonly directory: Directory;
  readonly now?: () => Date;
}

/** Deletes accounts once their grace period is over. Every server looks, and each account is deleted by one of them. */
export const startDueDeletions = ({
  now = () => new Date(),
  ...parts
}: DueDeletionOptions): { stop(): Promise<void> } =>
  startRounds({
    everyMs: 2_000,
    complaint: "accounts that are due to be deleted could not be",
    log: parts.log,
    work: (_, tell) => deleteDue({ ...parts, now }, tell),
  });

/** One that cannot be deleted keeps nobody else's account. */
async function deleteDue(parts: Required<DueDeletionOptions>, tell: (error: unknown) => void): Promise<void> {
  const { db, directory, now } = parts;
  for (;;) {
    const found = await identitiesDue(db, now());
    let deleted = 0;
    for (const { nid, id } of found) {
      const remove = async () =>
        systemContext(parts, { id: nid }, await directory.configOf({ id: nid })).tx(async (tx) => {
          // Whoever else was an owner may have gone since it was planned.
          await assertNotLastOwner(tx, id);
          return deleteIfDue(tx, id);
        });
      if (await remove().catch(tell)) deleted++;
    }
    if (deleted < dueAtOnce) return;
  }
}
