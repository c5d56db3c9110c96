import type { EntityManager } from "@mikro-orm/core";
import type { Context } from "../context.ts";
import { sessionToken, sha256Hex } from "../crypto/token.ts";
import { uuidv7 } from "../db/id.ts";
import { assuranceOf } from "./aal.ts";
import { describeDevice } from "./device.ts";
import { Session, SessionDevice } from "./entities.ts";
import type { SessionMethod } from "./entities.ts";

/** A session that has just begun. Its token is known only now: the database keeps a hash. */
export interface IssuedSession {
  readonly id: string;
  readonly token: string;
  readonly expiresAt: Date;
}

/** Opens a session for an identity that has just proved itself; writes within the unit of work it is given. */
export async function issueSession(
  ctx: Context,
  em: EntityManager,
  identityId: string,
  methods: readonly SessionMethod[],
): Promise<IssuedSession> {
  const now = ctx.now();
  const token = sessionToken();
  const id = uuidv7(now.getTime());
  const expiresAt = new Date(now.getTime() + ctx.config.session.lifespan);
  await em.insert(Session, {
    id,
    identity: identityId,
    tokenHash: sha256Hex(token),
    active: true,
    aal: assuranceOf(methods),
    methods: [...methods],
    authenticatedAt: now,
    issuedAt: now,
    expiresAt,
    createdAt: now,
    updatedAt: now,
  });
  const device = describeDevice(ctx.call);
  const deviceId = uuidv7(now.getTime());
  await em.insert(SessionDevice, { id: deviceId, session: id, ...device, createdAt: now, updatedAt: now });
  return { id, token, expiresAt };
}
