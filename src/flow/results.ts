import type { IdentityWithCredentialsRow } from "../identity/rows.ts";
import type { SessionMethod } from "../session/entities.ts";
import type { Message } from "../ui/message.ts";

/** Something wrong with a submission; without a node it concerns the whole form. */
export interface Complaint {
  readonly message: Message;
  readonly node?: string;
  readonly group?: string;
}

/** What keeps a flow from going on. */
export interface Refusal {
  readonly complaints: readonly Complaint[];
}

/** Who has proved to be whom. */
export interface Proof {
  readonly identityId: string;
  /** Whether the account may be used; a disabled one is told only to those who proved to own it. */
  readonly active: boolean;
  /** How: what the session will rest on. */
  readonly method: SessionMethod;
}

/** An address that somebody has shown to be theirs, of this account. */
export interface AddressProof {
  readonly identityId: string;
  readonly via: "email" | "sms";
  readonly address: string;
}

/** What a passed submission of settings makes of an account. */
export interface AccountChange {
  /**
   * The account as it shall be, or what is against it. Runs while nobody else can change the account, and again if the
   * database asks for it: it must not have effects.
   */
  apply(before: IdentityWithCredentialsRow): IdentityWithCredentialsRow | Refusal;
  /** Where the person has just shown to have what they set up: the assurance that their session takes in. */
  readonly proves?: 1 | 2;
  /** What their session will say of it, where the method's name does not say it all. */
  readonly method?: SessionMethod;
}

/** A credential in the making. */
export interface CredentialDraft {
  readonly type: string;
  readonly identifiers: readonly string[];
  readonly config: Record<string, unknown>;
}

/** What an identity in the making will prove itself with. */
export interface RegistrationDraft {
  /** Addresses that the person has just shown to be theirs. */
  readonly verified?: readonly Pick<AddressProof, "via" | "address">[];
  readonly credentials: readonly CredentialDraft[];
  /** The id of the identity, where an authenticator knows it already. */
  readonly identityId?: string;
  /** What the person has typed of themselves, or another site has told of them, where the submission does not say it. */
  readonly traits?: Record<string, unknown>;
  /** What another site has told of them beside that. */
  readonly metadataPublic?: Record<string, unknown>;
  readonly metadataAdmin?: Record<string, unknown>;
  readonly region?: string;
  /** The organization that has brought them along. */
  readonly organizationId?: string;
  /** What the session will rest on, where the method's name does not say it all. */
  readonly method?: SessionMethod;
}
