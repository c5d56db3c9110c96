import type { Message } from "../ui/message.ts";
import type { StartedVerification } from "./attempt.ts";

/** Thrown by hooks that keep a change from being made for now: the form goes on, and says why if there is anything to say. */
export class ChangeDeferred extends Error {
  readonly messages: readonly Message[];
  /** What it waits for, where that is an address. */
  readonly verification: StartedVerification | undefined;
  constructor({
    messages = [],
    verification,
  }: {
    readonly messages?: readonly Message[];
    readonly verification?: StartedVerification;
  }) {
    super("The change is held back.");
    this.messages = messages;
    this.verification = verification;
  }
}
