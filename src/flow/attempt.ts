import type { IdentityWithCredentialsRow } from "../identity/rows.ts";
import type { SessionMethod } from "../session/entities.ts";
import type { Flow } from "./flow.ts";
import type { FlowKind } from "./kinds.ts";

/** A verification that has begun in the course of another flow: where clients go on. */
export interface StartedVerification {
  readonly id: string;
  readonly address: string;
  /** Where the form is shown. */
  readonly url: string;
}

/** A sign-in that an authorization server waits for, and that waits for an address to be verified. */
export interface PendingLogin {
  /** How the person has proved who they are; empty where they have to do so once more. */
  readonly methods: readonly SessionMethod[];
  /** The session that has begun already. */
  readonly sessionId?: string | undefined;
}

/** What the call at hand knows beside its flow, and what comes of it. Nothing of it is stored with the flow. */
export interface Attempt {
  /** Sent with a submission; handed to hooks and mails. */
  readonly transientPayload?: Record<string, unknown>;
  /** The valid traits of a submission: what an identity will be. */
  readonly traits?: Record<string, unknown>;
  /**
   * The account that the flow is about, with its credentials as stored: of settings, and of a login at a session that is
   * to be confirmed or stepped up.
   */
  readonly account?: IdentityWithCredentialsRow;
  /** The verification of an address that began on the way. */
  readonly verification?: StartedVerification;
  /** The sign-in that goes on once that is complete. */
  readonly pendingLogin?: PendingLogin;
  /** The code that a native client will exchange for its session: told as the flow begins, and never again. */
  readonly exchangeCode?: string;
}

/** A flow, and what the call at hand knows beside it: what steps, hooks and answers are given. */
export interface FlowView<K extends FlowKind = FlowKind> {
  readonly flow: Flow<K>;
  readonly attempt: Attempt;
}
