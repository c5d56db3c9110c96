import type { IdentityWithCredentialsRow } from "../identity/rows.ts";
import type { Message } from "../ui/message.ts";
import type { UiNode } from "../ui/node.ts";

/** A verification that has begun in the course of another flow: where clients go on. */
export interface StartedVerification {
  readonly id: string;
  readonly address: string;
  /** Where the form is shown. */
  readonly url: string;
}

/** The kinds of self-service flows that are kept. */
export type FlowKind = "login" | "registration" | "settings" | "recovery" | "verification";

/** The form of a flow as it is stored. */
export interface Form {
  nodes: UiNode[];
  messages: Message[];
  /** Where the form leads when there is nothing more to submit. */
  action?: string;
}

/** A form that is not for those who read the database. */
export interface SealedForm {
  readonly sealed: string;
}

/** One run through a self-service flow: a form, and how far it has come. */
export interface Flow {
  readonly id: string;
  readonly kind: FlowKind;
  readonly type: "browser" | "api";
  readonly requestUrl: string;
  readonly returnTo: string | null;
  readonly requestedAal: 1 | 2;
  readonly refresh: boolean;
  readonly identityId: string | null;
  readonly organizationId: string | null;
  readonly identitySchema: string | null;
  readonly oauth2LoginChallenge: string | null;
  readonly sessionTokenExchangeCode: string | null;
  /** SHA-256 of the browser's anti-CSRF token, in hex; null for native flows. */
  readonly csrfHash: string | null;
  readonly issuedAt: Date;
  readonly expiresAt: Date;
  readonly createdAt: Date;
  updatedAt: Date;
  state: string;
  /** The method that was last at work, by its name on the wire. */
  active: string | null;
  ui: Form;
  /** How many challenges of authenticators have been answered; only `spendChallenge` counts. */
  challengesSpent: number;
  /** What strategies keep between two submissions. Never shown. */
  internal: Record<string, unknown>;
  /** Sent with the submission at hand; handed to hooks, never stored. */
  transientPayload?: Record<string, unknown>;
  /** The valid traits of the submission at hand: what an identity in the making will be. Never stored. */
  traits?: Record<string, unknown>;
  /**
   * The account that the flow is about, with its credentials as stored: of settings, and of a login at a session that is
   * to be confirmed or lifted. Never stored with the flow.
   */
  account?: IdentityWithCredentialsRow;
  /** The verification of an address that began in the course of this flow. Never stored with it. */
  verification?: StartedVerification;
}
