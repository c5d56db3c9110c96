/** An attempt to get through a flow. Nothing in it was typed by anybody. */
export interface AttemptPayload {
  readonly flow_id: string;
  readonly flow_type: "browser" | "api";
  /** The method, by its name on the wire. */
  readonly method: string;
}

/** An attempt that came to nothing: the ids of the messages that said why. */
export interface FailedAttemptPayload extends AttemptPayload {
  readonly outcome: "failed" | "throttled";
  readonly messages?: readonly number[];
  /** How many attempts failed since the last event of this kind without one of their own. */
  readonly unrecorded?: number;
}

/** A mapper that has failed on what a provider says of somebody: nothing of that is in it. */
export interface MapperFailurePayload extends AttemptPayload {
  readonly provider: string;
  /** What was wrong: `evaluation_failed`, `invalid_output`, `invalid_traits`, `invalid_metadata_public`, `invalid_metadata_admin`. */
  readonly fault: string;
  /** Where in the mapper, counted from one. */
  readonly line?: number;
  readonly column?: number;
  readonly unrecorded?: number;
}

/** What a session rests on by now. */
export interface SessionPayload {
  readonly aal: 0 | 1 | 2;
  readonly method?: string;
  /** RFC 3339. */
  readonly expires_at: string;
}

/** Tokens that were made of a session by a template. */
export interface TokenPayload {
  readonly template: string;
  readonly ttl_seconds: number;
  /** How many were made since the last event of this kind without one of their own. */
  readonly unrecorded?: number;
}

/** Sessions that ended together. */
export interface SessionsPayload {
  /** Whose: of one account, of some, certain ones, all. */
  readonly of: "identity" | "identities" | "sessions" | "all";
  readonly count: number;
  /** The ids of the accounts or sessions that were named. */
  readonly ids?: readonly string[];
}

/** An address of an account: by its row, never by what it says, since events stay when addresses go. */
export interface AddressPayload {
  readonly via: "email" | "sms";
  readonly purpose: "verification" | "recovery";
  readonly address_id?: string;
}

/** A credential of an account, by its type. */
export interface CredentialPayload {
  readonly credential: string;
}

/** An invitation, by its row: whom it went to stands there alone. */
export interface InvitationPayload {
  readonly invitation_id: string;
  readonly via: "email" | "sms";
}

/** That somebody acts in place of a person: why, in their own words. */
export interface ImpersonationPayload {
  readonly reason: string;
}

/** A subscription of another server to events, by its id. */
export interface SubscriptionPayload {
  readonly subscription_id: string;
}

/** The events that are recorded, and what each says beside the columns that all have. Names that Kratos has are Kratos'. */
export interface EventPayloads {
  IdentityCreated: { readonly schema_id: string; readonly state: string; readonly credentials: readonly string[] };
  IdentityUpdated: { readonly changed: readonly string[] };
  IdentityStateChanged: { readonly from: string; readonly to: string };
  IdentityDeleted: Readonly<Record<string, never>>;
  IdentityDeletionScheduled: { readonly due_at: string };
  IdentityDeletionCancelled: Readonly<Record<string, never>>;
  CredentialAdded: CredentialPayload;
  CredentialChanged: CredentialPayload;
  CredentialRemoved: CredentialPayload;
  AddressAdded: AddressPayload;
  AddressVerified: AddressPayload;
  AddressRemoved: AddressPayload;
  SessionIssued: SessionPayload;
  SessionChanged: SessionPayload & { readonly change: "confirmed" | "rotated" };
  SessionLifespanExtended: { readonly expires_at: string };
  SessionTokenizedAsJWT: TokenPayload;
  SessionRevoked: Readonly<Record<string, never>>;
  SessionsRevoked: SessionsPayload;
  SessionsDeleted: SessionsPayload;
  LoginSucceeded: AttemptPayload;
  LoginFailed: FailedAttemptPayload;
  RegistrationSucceeded: AttemptPayload;
  RegistrationFailed: FailedAttemptPayload;
  SettingsSucceeded: AttemptPayload;
  SettingsFailed: FailedAttemptPayload;
  RecoverySucceeded: AttemptPayload;
  RecoveryFailed: FailedAttemptPayload;
  RecoveryInitiatedByAdmin: AttemptPayload;
  VerificationSucceeded: AttemptPayload;
  VerificationFailed: FailedAttemptPayload;
  JsonnetMappingFailed: MapperFailurePayload;
  ApiKeyCreated: { readonly key_id: string; readonly scopes: readonly string[] };
  ApiKeyRotated: { readonly key_id: string };
  ApiKeyRevoked: { readonly key_id: string };
  AdministratorGranted: { readonly role: string };
  AdministratorRevoked: { readonly role: string };
  InvitationCreated: InvitationPayload & { readonly expires_at: string };
  InvitationSent: InvitationPayload & { readonly expires_at: string };
  InvitationRevoked: InvitationPayload;
  InvitationAccepted: InvitationPayload;
  ConsoleSignedIn: Readonly<Record<string, never>>;
  ImpersonationStarted: ImpersonationPayload & { readonly expires_at: string };
  ImpersonationEnded: ImpersonationPayload;
  SubscriptionCreated: SubscriptionPayload;
  SubscriptionUpdated: SubscriptionPayload & { readonly changed: readonly string[] };
  SubscriptionDeleted: SubscriptionPayload;
  SubscriptionSecretRotated: SubscriptionPayload & { readonly previous_until: string };
  SubscriptionPaused: SubscriptionPayload;
  SubscriptionResumed: SubscriptionPayload;
  SubscriptionDisabled: SubscriptionPayload;
  SubscriptionReplayed: SubscriptionPayload & { readonly events: number };
  SubscriptionTested: SubscriptionPayload;
}

/** The name of an event that is recorded. */
export type EventType = keyof EventPayloads;

/** The name of an event that tells of an attempt that came to nothing. */
export type FailureType = Extract<EventType, `${string}Failed`>;

/** Something that has happened: to which account, to which session, and what its type has to say. */
export type DomainEvent = {
  readonly [T in EventType]: {
    readonly type: T;
    /** The id, a UUID of version 7, where it has to be known before. */
    readonly id?: string;
    readonly subjectId?: string | null | undefined;
    readonly sessionId?: string | undefined;
    readonly payload: EventPayloads[T];
  };
}[EventType];
