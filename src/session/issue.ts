import type { Context } from "../context.ts";
import { sessionToken, sha256Hex } from "../crypto/token.ts";
import { uuidv7 } from "../db/id.ts";
import { insert } from "../db/query.ts";
import type { IdentityRow } from "../identity/rows.ts";
import { assuranceOf } from "./aal.ts";
import { forbidKeeping } from "./carrier.ts";
import { describeDevice } from "./device.ts";
import { sessionDevices, sessions } from "./entities.ts";
import type { SessionMethod } from "./entities.ts";
import type { SessionRow } from "./statements.ts";

/** A session that has just begun. Its token is known only now: the database keeps a hash. */
export interface IssuedSession {
  readonly id: string;
  readonly token: string;
  readonly expiresAt: Date;
}

const nilUuid = "00000000-0000-0000-0000-000000000000";

/** Opens a session for an identity that has just proved itself. */
export async function issueSession(ctx: Context, identityId: string, methods: readonly SessionMethod[]): Promise<IssuedSession> {
  const now = ctx.now();
  const token = sessionToken();
  const id = uuidv7(now.getTime());
  const expiresAt = new Date(now.getTime() + ctx.config.session.lifespan);
  const state = { active: true, aal: assuranceOf(methods), methods: [...methods] };
  const times = { authenticatedAt: now, issuedAt: now, expiresAt, createdAt: now, updatedAt: now };
  await insert(ctx, sessions, [{ id, identityId, tokenHash: sha256Hex(token), ...state, ...times }]);
  await addDevice(ctx, { id, devices: [] });
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
    createdAt: now,
    updatedAt: now,
    identity,
    devices: [{ id: nilUuid, ...describeDevice(ctx) }],
  };
}

/** Notes from where a session is used, unless that is known. */
export async function addDevice(ctx: Context, { id, devices }: Pick<SessionRow, "id" | "devices">): Promise<void> {
  const now = ctx.now();
  const device = describeDevice(ctx);
  if (devices.some(({ ipAddress, userAgent }) => ipAddress === device.ipAddress && userAgent === device.userAgent)) return;
  await insert(ctx, sessionDevices, [{ id: uuidv7(now.getTime()), sessionId: id, ...device, createdAt: now, updatedAt: now }]);
}
