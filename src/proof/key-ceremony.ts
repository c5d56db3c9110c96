import type { Context } from "../context.ts";
import { identityById } from "../identity/statements.ts";
import { useCredential } from "../identity/write.ts";
import type { ReadCredential } from "../identity/write.ts";
import { invalidSubmission, keyRefused, noKeyOwner } from "../ui/messages.ts";
import type { Message } from "../ui/message.ts";
import { readNewKey, readSigned } from "../webauthn/answer.ts";
import type { SignedAnswer } from "../webauthn/answer.ts";
import { keysOf } from "../webauthn/keys.ts";
import type { StoredKey } from "../webauthn/keys.ts";
import { relyingParty } from "../webauthn/relying-party.ts";
import { spendChallenge } from "../flow/spend-challenge.ts";
import { challengeOf } from "./challenge.ts";
import type { Challenge, KeyMethod } from "./challenge.ts";
import type { Flow } from "../flow/flow.ts";

/** Whose signature is awaited. */
export interface KeyOwner {
  /** Left out for a person who is only pretended to be there. */
  readonly identityId?: string;
  readonly active: boolean;
  readonly credential: ReadCredential & { readonly config: Record<string, unknown> };
  readonly keys: readonly StoredKey[];
  readonly userHandle: Uint8Array | undefined;
}

/** Who has signed, or what is to be said instead. How many challenges are spent by now is the progress of the flow. */
export type Signed =
  | { readonly identityId: string; readonly active: boolean; readonly challengesSpent: number }
  | { readonly complaint: Message; readonly challengesSpent: number };

/** Accepts a signature over a flow's challenge, once, and stores what it tells of the key. */
export async function acceptSignature(
  ctx: Context,
  flow: Flow,
  request: {
    readonly method: KeyMethod;
    readonly answer: string;
    readonly requireVerification: boolean;
    find(answer: SignedAnswer, challenge: Challenge): Promise<KeyOwner | undefined>;
  },
): Promise<Signed> {
  const { method, requireVerification } = request;
  const answer = readSigned(request.answer);
  if (!answer) return refusal(flow, unreadable());
  const challenge = challengeOf(flow, method);
  if (!challenge) return refusal(flow, keyRefused());
  const owner = await request.find(answer, challenge);
  if (!owner) return refusal(flow, noKeyOwner());
  const party = relyingParty(ctx.config, method);
  const { keys, userHandle, identityId, active } = owner;
  if (challenge.identityId && challenge.identityId !== identityId)
    return refused(ctx, flow, method, "another account was asked");
  const { judgeSignature } = await loadJudges();
  const judged = await judgeSignature(answer, {
    party,
    challenge: challenge.challenge,
    requireVerification,
    keys,
    userHandle,
  });
  if ("flaw" in judged || !identityId)
    return refused(ctx, flow, method, "flaw" in judged ? judged.flaw : "nobody has this key");
  const after = await spent(ctx, flow, challenge);
  if (!after.first) return refused(ctx, after, method, "the challenge was answered already");
  const kept = await storeUse(ctx, { ...owner, identityId }, judged.key);
  if (judged.cloned || kept === "outrun")
    ctx.log.warn("webauthn.key_may_be_cloned", { identity_id: identityId, method, key_id: judged.key.id });
  return { identityId, active, challengesSpent: after.challengesSpent };
}

/** A key that was accepted, and the account that it was made for. */
export type Accepted =
  | { readonly key: StoredKey; readonly challenge: Challenge; readonly challengesSpent: number }
  | { readonly complaint: Message; readonly challengesSpent: number };

/** Accepts a new key that was made for a flow's challenge, once. Storing it is up to the flow. */
export async function acceptNewKey(
  ctx: Context,
  flow: Flow,
  request: {
    readonly method: KeyMethod;
    readonly answer: string;
    readonly name: string;
    readonly passwordless: boolean;
    readonly requireVerification: boolean;
    readonly requireAttestation: boolean;
  },
): Promise<Accepted> {
  const { method, answer: text, ...rest } = request;
  const answer = readNewKey(text);
  if (!answer) return refusal(flow, unreadable());
  const challenge = challengeOf(flow, method);
  if (!challenge) return refusal(flow, keyRefused());
  const party = relyingParty(ctx.config, method);
  const { judgeNewKey } = await loadJudges();
  const judged = await judgeNewKey(answer, { ...rest, party, challenge: challenge.challenge, now: ctx.now() });
  if ("flaw" in judged) return refused(ctx, flow, method, judged.flaw);
  const after = await spent(ctx, flow, challenge);
  if (!after.first) return refused(ctx, after, method, "the challenge was answered already");
  return { key: judged.key, challenge, challengesSpent: after.challengesSpent };
}

/** Whether this answer was the first, and how many challenges are spent by now: this one is, whoever answered it. */
async function spent(ctx: Context, { id }: Flow, { round }: Challenge) {
  return { id, first: await spendChallenge(ctx, { id }, round), challengesSpent: round + 1 };
}

/** The readers of certificates take 28 MB: only who has keys to judge shall pay for them. */
const loadJudges = () => import("../webauthn/judges.ts");

const unreadable = () =>
  invalidSubmission("We could not read the response of your security key or passkey. Try again.");

type Stand = Pick<Flow, "id" | "challengesSpent">;

const refusal = ({ challengesSpent }: Stand, complaint: Message) => ({ complaint, challengesSpent });

function refused(ctx: Context, flow: Stand, method: KeyMethod, flaw: string) {
  // Errors of parsers may quote what was sent.
  ctx.log.info("webauthn.refused", { flow_id: flow.id, method, flaw: flaw.slice(0, 200) });
  return refusal(flow, keyRefused());
}

const mostTries = 5;

/**
 * Keeps the count and the flags of a use. Whoever changes the credential meanwhile is not overwritten. Tells whether
 * another use had come as far: two signatures of one count are not of one key.
 */
async function storeUse(
  ctx: Context,
  owner: KeyOwner & { identityId: string },
  used: StoredKey,
): Promise<"stored" | "outrun" | "lost"> {
  let { credential } = owner;
  for (let tries = 0; tries < mostTries; tries++) {
    const keys = keysOf(credential);
    const credentials = keys.map((key) => (key.id === used.id ? merged(key, used) : key));
    if (await useCredential(ctx, credential, { ...credential.config, credentials }))
      return keys.some((key) => key.id === used.id && isOutrun(key, used)) ? "outrun" : "stored";
    const identity = await identityById(ctx, owner.identityId);
    const next = identity?.credentials.find(({ id }) => id === credential.id);
    if (!next) return "lost";
    credential = next;
  }
  ctx.log.warn("webauthn.use_not_stored", { identity_id: owner.identityId });
  return "lost";
}

const isOutrun = (
  { authenticator: { sign_count: stored } }: StoredKey,
  { authenticator: { sign_count: count } }: StoredKey,
): boolean => count > 0 && count <= stored;

function merged(key: StoredKey, used: StoredKey): StoredKey {
  const { sign_count, clone_warning } = key.authenticator;
  const authenticator = {
    ...used.authenticator,
    sign_count: Math.max(sign_count, used.authenticator.sign_count),
    clone_warning: clone_warning || used.authenticator.clone_warning || isOutrun(key, used),
  };
  return { ...used, authenticator };
}
