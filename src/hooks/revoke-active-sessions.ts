import type { Hook } from "../flow/hook.ts";
import { revokeOtherSessions } from "../session/repository.ts";

/** Ends every other session of the person, in the same stroke as what they have just done. */
export const revokeActiveSessions: Hook = {
  async within(tx, { identity, session }) {
    if (identity && session)
      await revokeOtherSessions(tx, identity.id, session.id, { reason: "hook.revoke_active_sessions" });
  },
};
