import type { Context } from "../context.ts";
import { sha256Hex } from "../crypto/token.ts";
import { byOwner } from "./repository.ts";
import type { SessionRow } from "./statements.ts";
import { addDevice, renewSession } from "./write.ts";

/** Hands a session that was opened in a browser to the native client that it is for, by a token of the client's own. */
export async function transferSession(ctx: Context, session: SessionRow, token: string): Promise<void> {
  await renewSession(ctx, session, "rotated", { tokenHash: sha256Hex(token) }, byOwner(session, "sessions.exchange"));
  await addDevice(ctx, session);
}
