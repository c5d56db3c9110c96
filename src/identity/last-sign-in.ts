import type { Context } from "../context.ts";
import { defineWriteBehind } from "../db/write-behind.ts";
import { markSignedIn } from "./write.ts";

const secondMs = 1000;
const mostAtOnce = 500;

/** Who has signed in: the second, by the id of the account. */
export const signIns = defineWriteBehind<number>({
  everyMs: secondMs,
  most: 50_000,
  failure: "it could not be written who has signed in",
  // Those of one second are written by one statement, in the order of ids, in which every server locks them.
  async write(reach, seconds) {
    const ids = [...seconds.keys()].toSorted();
    for (const [at, together] of Map.groupBy(ids, (id) => seconds.get(id)!))
      for (let from = 0; from < together.length; from += mostAtOnce)
        await markSignedIn(reach, together.slice(from, from + mostAtOnce), new Date(at));
  },
});

/** Notes that somebody has signed in, once that is committed. It is written within seconds, so that no sign-in waits for it. */
export function noteSignIn(ctx: Context, identityId: string): void {
  const second = Math.floor(ctx.now().getTime() / secondMs) * secondMs;
  ctx.db.onceCommitted(() => signIns.note(ctx, identityId, () => second));
}
