import { randomBytes } from "node:crypto";
import type { Flow, Memory } from "../flow/flow.ts";
import { defineMemory, isOptionalText, isRecord } from "../flow/memory.ts";
import type { MemorySlot } from "../flow/memory.ts";

/** What a flow remembers of what it asks an authenticator. */
export interface Challenge {
  /** Base64url. */
  readonly challenge: string;
  /** How many challenges of the flow had been answered when this one was made: it counts as long as that is so. */
  readonly round: number;
  /** The account that a key will be made for, in base64. */
  readonly userHandle?: string;
  /** The account that was asked for a signature. */
  readonly identityId?: string;
  /** The name that was given of whoever is asked for a signature, if any was. */
  readonly name?: string;
}

/** The methods that ask authenticators. */
export type KeyMethod = "webauthn" | "passkey";

/** Whom a challenge is about. */
export type About = Omit<Challenge, "challenge" | "round">;

/** A flow, as far as it is asked for its challenges. */
export type Challenged = Pick<Flow, "memory" | "challengesSpent">;

/** A challenge that was given, and what the flow has to remember of it. */
export type Given = Challenge & { readonly memory: Memory };

const isChallenge = (value: unknown): value is Challenge =>
  isRecord(value) &&
  typeof value["challenge"] === "string" &&
  Number.isInteger(value["round"]) &&
  [value["userHandle"], value["identityId"], value["name"]].every(isOptionalText);

const slots: Readonly<Record<KeyMethod, MemorySlot<Challenge>>> = {
  webauthn: defineMemory("webauthn", isChallenge),
  passkey: defineMemory("passkey", isChallenge),
};

/** The challenge that a flow has given a method, if it still counts. */
export function challengeOf(flow: Challenged, method: KeyMethod): Challenge | undefined {
  const given = slots[method].of(flow);
  return given?.round === flow.challengesSpent ? given : undefined;
}

/** Gives a method a challenge for a flow. One that still counts stays, so that a form can be drawn again. */
export function giveChallenge(flow: Challenged, method: KeyMethod, about: () => About = () => ({})): Given {
  const counts = challengeOf(flow, method);
  return counts ? { ...counts, memory: slots[method].with(counts) } : renewChallenge(flow, method, about());
}

/** Gives a method a new challenge for a flow, whatever it had before. */
export function renewChallenge(flow: Challenged, method: KeyMethod, about: About): Given {
  const challenge = { challenge: randomBytes(32).toString("base64url"), round: flow.challengesSpent, ...about };
  return { ...challenge, memory: slots[method].with(challenge) };
}
