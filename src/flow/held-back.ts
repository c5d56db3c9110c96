import type { Message } from "../ui/message.ts";

/** Thrown by hooks that keep a change from being made for now: the form goes on, and says why if there is anything to say. */
export class HeldBack extends Error {
  readonly messages: readonly Message[];
  constructor(messages: readonly Message[] = []) {
    super("The change is held back.");
    this.messages = messages;
  }
}
