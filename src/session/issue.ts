import type { Context } from "../context.ts";
import { sessionToken, sha256Hex } from "../crypto/token.ts";
import { uuidv7 } from "../db/id.ts";
import type { Cause } from "../events/cause.ts";
import { noteSignIn } from "../identity/last-sign-in.ts";
import type { IdentityRow } from "../identity/rows.ts";
import { assuranceOf } from "./aal.ts";
import { forbidKeeping } from "./carrier.ts";
import { describeDevice } from "./device.ts";
import type { SessionMethod } from "./entities.ts";
import type { SessionRow } from "./statements.ts";
import { openSession } from "./write.ts";

/** A session that has just begun. Its token is known only now: the database keeps a hash. */
export interface IssuedSession {
  readonly id: string;
  readonly token: string;
  readonly expiresAt: Date;
}

const nilUuid = "00000000-0000-0000-0000-000000000000";

/** Opens a session for an identity that has just proved itself. */
export async function issueSession(
  ctx: Context,
  identityId: string,
  methods: readonly SessionMethod[],
  cause: Cause,
): Promise<IssuedSession> {
  const now = ctx.now();
  const token = sessionToken();
  const id = uuidv7(now.getTime());
  const expiresAt = new Date(now.getTime() + ctx.config.session.lifespan);
  await openSession(
    ctx,
    { id, identityId, tokenHash: sha256Hex(token), aal: assuranceOf(methods), methods: [...methods], expiresAt },
    cause,
  );
  noteSignIn(ctx, identityId);
  forbidKeeping(ctx);
  return { id, token, expiresAt };
}

/** A session as it will be, for those who are asked before it begins; it has no id yet. */
export function sessionToBe(ctx: Context, identity: IdentityRow, methods: readonly SessionMethod[]): SessionRow {
  const now = ctx.now();
  const expiresAt = new Date(now.getTime() + ctx.config.session.lifespan);
  return {
    id: nilUuid,
    active: true,
    aal: assuranceOf(methods),
    methods: [...methods],
    authenticatedAt: now,
    issuedAt: now,
    expiresAt,
    lastSeenAt: now,
    act: null,
    createdAt: now,
    updatedAt: now,
    identity,
    devices: [{ id: nilUuid, ...describeDevice(ctx) }],
  };
}
