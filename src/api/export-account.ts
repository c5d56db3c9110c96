import { lastId } from "../db/pages.ts";
import type { JsonObject, JsonValue } from "@bufbuild/protobuf";
import { create } from "@bufbuild/protobuf";
import { IdentitySchema } from "#gen/ostiary/type/v1/identity_pb.js";
import { SessionSchema } from "#gen/ostiary/type/v1/session_pb.js";
import type { Context } from "../context.ts";
import { listMessages } from "../courier/list.ts";
import type { CourierMessage } from "../courier/entities.ts";
import { eventsOf } from "../events/list.ts";
import type { ListedEvent } from "../events/list.ts";
import { isSetUp } from "../identity/factors.ts";
import type { CredentialRow, IdentityWithCredentialsRow } from "../identity/rows.ts";
import { connectedApplications } from "../oauth2/embedded/applications.ts";
import type { Connected } from "../oauth2/embedded/applications.ts";
import { keeperOf } from "../oauth2/embedded/keeper.ts";
import { encoderOf } from "../rest/encode.ts";
import { listSessions } from "../session/all-sessions.ts";
import { presentIdentity } from "./present-identity.ts";
import { presentSession } from "./present-session.ts";

/** How much of each kind is handed out at most, the newest first. */
const most = { sessions: 1000, events: 5000, messages: 1000 };

/**
 * Everything that is known of an account, as plain JSON and without secrets. Administrators are given their own metadata too;
 * people are not told where administrators were, nor what was sent to an address that they have not shown to be theirs.
 */
export async function exportAccount(
  ctx: Context,
  identity: IdentityWithCredentialsRow,
  { admin }: { readonly admin: boolean },
): Promise<JsonObject> {
  const [applications, sessions, events, messages] = await Promise.all([
    connectedApplications(keeperOf(ctx), identity.id),
    listSessions(ctx, { identityId: identity.id }, { before: lastId, offset: 0, limit: most.sessions + 1 }),
    eventsOf(ctx, identity.id, most.events + 1),
    messagesTo(ctx, identity, admin),
  ]);
  const found = { sessions, events, messages };
  const names = Object.keys(found) as (keyof typeof found)[];
  const view = { withoutIdentity: true, lastSeen: true };
  // Without its credentials: those are described below.
  const { credentials, ...bare } = identity;
  const shown = presentIdentity(bare, ctx.config, { admin, lifecycle: true });
  return {
    exported_at: ctx.now().toISOString(),
    identity: encoderOf(IdentitySchema)(create(IdentitySchema, shown)),
    credentials: credentials.filter(isSetUp).map(describeCredential),
    linked_accounts: credentials.flatMap(linkedAccounts),
    applications: applications.map(describeApplication),
    sessions: sessions
      .slice(0, most.sessions)
      .map((row) => encoderOf(SessionSchema)(create(SessionSchema, presentSession(row, ctx.config, ctx.now(), view)))),
    events: events.slice(0, most.events).map((event) => describeEvent(event, admin)),
    messages: messages.slice(0, most.messages).map(describeMessage),
    // What there is more than is handed out.
    truncated: names.filter((name) => found[name].length > most[name]),
  };
}

async function messagesTo(
  ctx: Context,
  { verifiableAddresses, recoveryAddresses }: IdentityWithCredentialsRow,
  admin: boolean,
): Promise<CourierMessage[]> {
  const shown = admin
    ? [...verifiableAddresses, ...recoveryAddresses]
    : verifiableAddresses.filter(({ verified }) => verified);
  const addresses = shown.map(({ value }) => value);
  const lists = await Promise.all(
    [...new Set(addresses)].map((recipient) => listMessages(ctx, { recipient }, most.messages + 1)),
  );
  return lists.flat().toSorted((one, other) => (one.id < other.id ? 1 : -1));
}

const describeApplication = ({ client: { clientId, metadata }, scopes, since }: Connected): JsonValue => ({
  client_id: clientId,
  client_name: String(metadata["client_name"] ?? ""),
  granted_scope: [...scopes],
  connected_at: since.toISOString(),
});

const linkedTypes: readonly string[] = ["oidc", "saml"];

/** Names that people type are theirs; those of keys and accounts elsewhere are told as what they are. */
const describeCredential = ({ type, identifiers, createdAt, updatedAt }: CredentialRow): JsonValue => ({
  type,
  ...(!linkedTypes.includes(type) && { identifiers }),
  created_at: createdAt.toISOString(),
  updated_at: updatedAt.toISOString(),
});

function linkedAccounts({ type, identifiers }: CredentialRow): JsonValue[] {
  if (!linkedTypes.includes(type)) return [];
  return identifiers.map((identifier) => {
    const at = identifier.indexOf(":");
    return { type, provider: identifier.slice(0, at), subject: identifier.slice(at + 1) };
  });
}

const ofOwner: readonly string[] = ["identity", "anonymous"];

const describeEvent = (
  { type, reason, occurredAt, actorKind, onBehalfOfId, clientAddress, sessionId, payload }: ListedEvent,
  admin: boolean,
): JsonValue => ({
  type,
  reason,
  occurred_at: occurredAt.toISOString(),
  actor: actorKind,
  ...(onBehalfOfId !== null && { on_behalf_of: onBehalfOfId }),
  ...(clientAddress !== null && (admin || ofOwner.includes(actorKind)) && { client_address: clientAddress }),
  ...(sessionId !== null && { session_id: sessionId }),
  payload: payload as JsonObject,
});

const describeMessage = ({ type, recipient, templateType, status, createdAt }: CourierMessage): JsonValue => ({
  type,
  recipient,
  template_type: templateType,
  status,
  created_at: createdAt.toISOString(),
});
