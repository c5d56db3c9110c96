import type { IdentityWithCredentialsRow } from "../identity/rows.ts";
import type { Flow } from "./flow.ts";
import type { FlowKind } from "./kinds.ts";

/** A verification that has begun in the course of another flow: where clients go on. */
export interface StartedVerification {
  readonly id: string;
  readonly address: string;
  /** Where the form is shown. */
  readonly url: string;
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
  /** The code that a native client will exchange for its session: told as the flow begins, and never again. */
  readonly exchangeCode?: string;
}

/** A flow, and what the call at hand knows beside it: what steps, hooks and answers are given. */
export interface FlowView<K extends FlowKind = FlowKind> {
  readonly flow: Flow<K>;
  readonly attempt: Attempt;
}
