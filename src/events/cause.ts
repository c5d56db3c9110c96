import type { Call, Context } from "../context.ts";

/** In which session somebody acts, and whose that is where it is not their own. */
interface Acting {
  readonly sessionId?: string | undefined;
  /** The identity in whose place they act. */
  readonly onBehalfOf?: string | undefined;
}

/** Who did something. */
export type Actor =
  /** The owner of an account, where there is one in the session they acted in. */
  | { readonly kind: "identity"; readonly id: string; readonly sessionId?: string | undefined }
  /** Who called the admin port: an identity that administers, or whoever can reach the port, where it asks for no credential. */
  | (Acting & { readonly kind: "administrator"; readonly id?: string | undefined })
  /** A program, by its key. */
  | (Acting & { readonly kind: "api_key"; readonly id: string })
  /** A program, by its certificate. */
  | (Acting & { readonly kind: "certificate"; readonly name: string })
  /** Who tried to be somebody and did not show it, or the server by itself. */
  | { readonly kind: "anonymous" | "system" };

/** What an administrator asked for. */
type Administration =
  | "create"
  | "import"
  | "update"
  | "patch"
  | "delete"
  | "delete_credential"
  | "cancel_deletion"
  | "extend_session"
  | "disable_session"
  | "delete_sessions"
  | "manage_sessions"
  | "recovery_code"
  | "recovery_link"
  | "create_key"
  | "rotate_key"
  | "revoke_key"
  | "grant_role"
  | "revoke_role"
  | "invite"
  | "resend_invitation"
  | "revoke_invitation"
  | "impersonate"
  | "subscribe"
  | "update_subscription"
  | "delete_subscription"
  | "rotate_subscription"
  | "pause_subscription"
  | "resume_subscription"
  | "test_subscription"
  | "replay"
  | "console";

/** By which way something came about: a flow and its method, a call, a hook, a rule of the server's. */
export type Reason =
  | `${"login" | "registration" | "settings" | "recovery" | "verification"}.${string}`
  | `admin.${Administration}`
  | "logout"
  | "sessions.revoke"
  | "sessions.revoke_others"
  | "sessions.exchange"
  | "sessions.rotate"
  | "sessions.auto_extend"
  | "sessions.max_per_identity"
  | "sessions.tokenize"
  | `hook.${string}`
  | `deletion.${"schedule" | "cancel" | "due"}`
  | "password.rehash"
  | "migrate.phone_numbers"
  | "subscription.gone";

/**
 * Why an account or a session changes, and by whom: what its door has to be told.
 *
 * @example
 * await deleteIdentity(ctx, id, { reason: "admin.delete" });
 */
export interface Cause {
  readonly reason: Reason;
  /** Who it was, where `actorOf` cannot know. */
  readonly actor?: Actor | undefined;
}

const standIn = Symbol("who acts in the call in place of a person");

/** A call that remembers. */
type Remembering = Call & { [standIn]?: Actor | undefined };

/** Lets what the rest of a call does to an account be the deed of whoever acts in place of its owner. */
export function actInPlaceOf(call: Call, actor: Actor): void {
  (call as Remembering)[standIn] = actor;
}

/** Who acts in the call in place of a person, if anybody does. */
function standInFor(call: Remembering, subjectId: string | null | undefined): Actor | undefined {
  const actor = call[standIn];
  return actor && "onBehalfOf" in actor && actor.onBehalfOf === (subjectId ?? actor.onBehalfOf) ? actor : undefined;
}

/**
 * Who acts in a call, unless its cause says more: on the admin port whoever has called it, on the public port the owner of the
 * account that it is about, or who acts in their place, since nobody else can do anything to it there. Without a call it is the server.
 */
export function actorOf(
  { port, principal, call }: Pick<Context, "port" | "principal" | "call">,
  subjectId: string | null | undefined,
): Actor {
  if (port === undefined) return { kind: "system" };
  if (port === "admin") return administering(principal);
  const other = standInFor(call, subjectId);
  if (other) return other;
  return subjectId ? { kind: "identity", id: subjectId } : { kind: "anonymous" };
}

function administering(principal: Context["principal"]): Actor {
  switch (principal?.kind) {
    case "api_key":
      return { kind: "api_key", id: principal.id! };
    case "certificate":
      return { kind: "certificate", name: principal.name! };
    default:
      return { kind: "administrator", id: principal?.id, sessionId: principal?.sessionId };
  }
}
