import type { Context } from "../context.ts";
import { constantTimeEqual, randomToken, sha256Hex } from "../crypto/token.ts";
import type { Reach } from "../db/connection.ts";
import { uuidv7 } from "../db/id.ts";
import { change, find, insert, remove } from "../db/query.ts";
import type { RowOf } from "../db/table.ts";
import { record } from "../events/record.ts";
import { isActive } from "../session/current.ts";
import { sessionById, type SessionRow } from "../session/statements.ts";
import { findAdministrator } from "./administrators.ts";
import { consoleSessions } from "./entities.ts";
import type { Role } from "./roles.ts";
import { isProvedEnough } from "./second-factor.ts";

type ConsoleSessionRow = RowOf<typeof consoleSessions>;

/** Somebody who is signed in to the console. */
export interface SignedIn {
  readonly row: ConsoleSessionRow;
  /** The session at the public port, on which all rests. */
  readonly session: SessionRow;
  readonly role: Role;
}

type Asked = Pick<Context, "config" | "now"> & Reach;

const tokenLength = 43;
/** How long a browser takes to come back with its code. */
const codeLastsMs = 60_000;
/** When a session was last used is written so often. */
const noteEveryMs = 60_000;

/** A code for a session of the console, for the browser alone that keeps what the challenge is the SHA-256 of. */
export async function issueCode(ctx: Context, session: SessionRow, challenge: string): Promise<string> {
  const now = ctx.now();
  const code = randomToken(tokenLength);
  await insert(ctx, consoleSessions, [
    {
      id: uuidv7(now.getTime()),
      createdAt: now,
      updatedAt: now,
      sessionId: session.id,
      tokenHash: sha256Hex(code),
      challenge,
      lastUsedAt: now,
      expiresAt: new Date(now.getTime() + codeLastsMs),
    },
  ]);
  return code;
}

/** What a code was exchanged for. */
export interface Exchanged {
  readonly token: string;
  readonly session: SessionRow;
  readonly expiresAt: Date;
}

/** Exchanges a code for the token of a session of the console: once, and for its own browser. */
export async function exchangeCode(ctx: Context, code: string, verifier: string): Promise<Exchanged | undefined> {
  const now = ctx.now();
  const [row] = await byTokenHash(ctx, sha256Hex(code));
  if (!row?.challenge || !constantTimeEqual(row.challenge, sha256Hex(verifier)) || row.expiresAt <= now)
    return undefined;
  const session = await sessionById(ctx, row.sessionId);
  if (!session || !isActive(session, now)) return undefined;
  const token = randomToken(tokenLength);
  const expiresAt = new Date(Math.min(now.getTime() + ctx.config.console.lifespan, session.expiresAt.getTime()));
  const changes = { tokenHash: sha256Hex(token), challenge: null, updatedAt: now, lastUsedAt: now, expiresAt };
  const taken = await ctx.tx(async (tx) => {
    // Of several that come with the same code, one.
    const changed = await change(tx, consoleSessions, changes, (query) =>
      query.where("id", "=", row.id).where("challenge", "is not", null),
    );
    if (changed === 1)
      await record(
        tx,
        { reason: "admin.console", actor: { kind: "administrator", id: session.identity.id, sessionId: session.id } },
        { type: "ConsoleSignedIn", subjectId: session.identity.id, sessionId: session.id, payload: {} },
      );
    return changed === 1;
  });
  return taken ? { token, session, expiresAt } : undefined;
}

/** Who is signed in to the console by a token; undefined where anything it rests on has come to its end. A use keeps the session from going idle. */
export async function signedInBy(asked: Asked, token: string, isUse: boolean): Promise<SignedIn | undefined> {
  const { config } = asked;
  const now = asked.now();
  const [row] = await byTokenHash(asked, sha256Hex(token));
  if (!row || row.challenge !== null || row.expiresAt <= now || idleEnd(asked, row) <= now) return undefined;
  const session = await sessionById(asked, row.sessionId);
  if (!session || session.act || !isActive(session, now) || !isProvedEnough(config, session)) return undefined;
  const administrator = await findAdministrator(asked, session.identity.id);
  if (!administrator) return undefined;
  if (isUse) await noteUse(asked, row, now);
  return { row, session, role: administrator.role };
}

/** When a session of the console ends unless it is used until then. */
export const idleEnd = ({ config }: Pick<Context, "config">, { lastUsedAt }: ConsoleSessionRow): Date =>
  new Date(lastUsedAt.getTime() + config.console.idle_timeout);

/** Ends a session of the console; the session at the public port goes on. */
export async function endConsoleSession(ctx: Context, token: string): Promise<void> {
  await remove(ctx, consoleSessions, (query) => query.where("tokenHash", "=", sha256Hex(token)));
}

const byTokenHash = (reach: Reach, hash: string): Promise<ConsoleSessionRow[]> =>
  find(reach, consoleSessions, (query) => query.where("tokenHash", "=", hash));

async function noteUse(asked: Asked, { id, lastUsedAt }: ConsoleSessionRow, now: Date): Promise<void> {
  // A short time-out wants to be watched more closely.
  const due = lastUsedAt.getTime() + Math.min(noteEveryMs, asked.config.console.idle_timeout / 10);
  if (due > now.getTime()) return;
  await change(asked, consoleSessions, { lastUsedAt: now }, (query) =>
    query.where("id", "=", id).where("lastUsedAt", "<", now.getTime() as never),
  );
}
