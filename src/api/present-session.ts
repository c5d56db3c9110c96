import type { JsonValue, MessageInitShape } from "@bufbuild/protobuf";
import { AuthenticatorAssuranceLevel, SessionSchema } from "#gen/ostiary/type/v1/session_pb.js";
import type { SessionAuthenticationMethodSchema } from "#gen/ostiary/type/v1/session_pb.js";
import type { Config } from "../config/config.ts";
import { encoderOf } from "../rest/encode.ts";
import type { SessionMethod } from "../session/entities.ts";
import type { SessionDeviceRow, SessionRow } from "../session/statements.ts";
import { presentIdentity } from "./present-identity.ts";
import { presentTime } from "./present-time.ts";

/** How much of a session is shown. */
export interface SessionView {
  /** Administrators see their own metadata of the identity. */
  readonly admin?: boolean;
  /** Whether the identity is left out. */
  readonly withoutIdentity?: boolean;
  readonly withoutDevices?: boolean;
  /** Whether the identity is shown without its addresses, as in the list of one identity's sessions. */
  readonly bare?: boolean;
  /** Whether it is told when it was last used. */
  readonly lastSeen?: boolean;
}

const levels = [
  AuthenticatorAssuranceLevel.AAL0,
  AuthenticatorAssuranceLevel.AAL1,
  AuthenticatorAssuranceLevel.AAL2,
] as const;

/** A session as the contract has it: with its identity and devices, unless the view says otherwise. */
export function presentSession(
  row: SessionRow,
  config: Config,
  now: Date,
  view: SessionView = {},
): MessageInitShape<typeof SessionSchema> {
  return {
    id: row.id,
    active: row.active && row.expiresAt > now && row.identity.state === "active",
    expiresAt: presentTime(row.expiresAt),
    authenticatedAt: presentTime(row.authenticatedAt),
    authenticatorAssuranceLevel: levels[row.aal],
    authenticationMethods: row.methods.map(presentMethod),
    issuedAt: presentTime(row.issuedAt),
    identity: view.withoutIdentity ? undefined : presentIdentity(row.identity, config, view),
    devices: view.withoutDevices ? [] : row.devices.map(presentDevice),
    ...(row.act && { act: row.act }),
    ...(view.lastSeen && { lastSeenAt: presentTime(row.lastSeenAt) }),
  };
}

/** A session as programs of operators see it: as JSON. */
export const sessionAsJson = (shown: MessageInitShape<typeof SessionSchema>): JsonValue =>
  encoderOf(SessionSchema)(shown);

function presentMethod(proof: SessionMethod): MessageInitShape<typeof SessionAuthenticationMethodSchema> {
  const { method, aal, completed_at, provider, organization, upstream_acr, upstream_amr } = proof;
  return {
    method,
    aal: aal === "aal2" ? AuthenticatorAssuranceLevel.AAL2 : AuthenticatorAssuranceLevel.AAL1,
    completedAt: presentTime(new Date(completed_at)),
    provider,
    organization,
    upstreamAcr: upstream_acr,
    upstreamAmr: upstream_amr ?? [],
  };
}

const presentDevice = ({ id, ipAddress, userAgent, location }: SessionDeviceRow) => ({
  id,
  ipAddress: ipAddress ?? "",
  userAgent: userAgent ?? "",
  location: location ?? "",
});
