import { randomBytes } from "node:crypto";
import type { Context } from "../context.ts";
import { statement } from "../db/statement.ts";
import type { Flow } from "../flow/flow.ts";

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
}

/** The challenge that a flow has given a method, if it still counts. */
export function challengeOf(flow: Flow, method: string): Challenge | undefined {
  const given = flow.internal[method] as Challenge | undefined;
  return given?.round === flow.challengesSpent ? given : undefined;
}

/** Gives a method a challenge for a flow. One that still counts stays, so that a form can be drawn again. */
export function giveChallenge(flow: Flow, method: string, about: () => Omit<Challenge, "challenge" | "round"> = () => ({})): Challenge {
  return challengeOf(flow, method) ?? renewChallenge(flow, method, about());
}

/** Gives a method a new challenge for a flow, whatever it had before. */
export function renewChallenge(flow: Flow, method: string, about: Omit<Challenge, "challenge" | "round">): Challenge {
  const challenge = { challenge: randomBytes(32).toString("base64url"), round: flow.challengesSpent, ...about };
  flow.internal = { ...flow.internal, [method]: challenge };
  return challenge;
}

const spend = statement("spend_challenge", "update flows set challenges_spent = challenges_spent + 1 where nid = ? and id = ? and challenges_spent = ?");

/**
 * Uses a challenge up, in one conditional statement: of many right answers to it one finds true. All challenges of the
 * flow go along, since the form that showed them is over.
 */
export async function spendChallenge(ctx: Context, flow: Flow, { round }: Challenge): Promise<boolean> {
  const spent = (await ctx.db.write(spend, [ctx.tenant.id, flow.id, round])) === 1;
  flow.challengesSpent = round + 1;
  return spent;
}
