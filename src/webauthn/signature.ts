import { verifyAuthenticationResponse } from "@simplewebauthn/server";
import { flawOfPublicKey, isWholeSequence, signsInDer } from "../crypto/cose-key.ts";
import type { SignedAnswer } from "./answer.ts";
import { readAuthenticatorData } from "./authenticator-data.ts";
import { flawOfClientData } from "./client-data.ts";
import { browserId, bytesOf } from "./keys.ts";
import type { StoredKey } from "./keys.ts";
import type { RelyingParty } from "./relying-party.ts";

/** What a signature is judged by. */
export interface SignatureCheck {
  readonly party: RelyingParty;
  readonly challenge: string;
  readonly requireVerification: boolean;
  /** The keys that may sign. */
  readonly keys: readonly StoredKey[];
  /** The account as authenticators know it. */
  readonly userHandle: Uint8Array | undefined;
}

/** A judgement: the key as it is to be stored now, or why the signature does not count. The reason is for the log. */
export type JudgedSignature = { readonly key: StoredKey; readonly cloned: boolean } | { readonly flaw: string };

/** Judges a signature by the steps of WebAuthn Level 3, section 7.2. */
export async function judgeSignature(answer: SignedAnswer, check: SignatureCheck): Promise<JudgedSignature> {
  const key = check.keys.find((one) => browserId(one) === answer.id);
  if (!key) return { flaw: "the account has no such key" };
  if (answer.userHandle && !Buffer.from(answer.userHandle).equals(check.userHandle ?? new Uint8Array()))
    return { flaw: "the key is of another account" };
  const { party, challenge } = check;
  const said = flawOfClientData(answer.clientData, { type: "webauthn.get", challenge, party });
  if (said) return { flaw: said };
  try {
    const publicKey = bytesOf(key.public_key);
    const flaw = flawOfPublicKey(publicKey);
    if (!flaw && signsInDer(publicKey) && !isWholeSequence(answer.signature))
      return { flaw: "the signature is cut short, or goes on behind its end" };
    return flaw ? { flaw } : await verified(answer, key, check);
  } catch (error) {
    return { flaw: error instanceof Error ? error.message : String(error) };
  }
}

async function verified(answer: SignedAnswer, key: StoredKey, check: SignatureCheck): Promise<JudgedSignature> {
  const { flags } = readAuthenticatorData(answer.authenticatorData);
  if (flags.at) return { flaw: "a signature brings no key along" };
  if (key.flags && key.flags.backup_eligible !== flags.be)
    return { flaw: "the key may be backed up all of a sudden, or no more" };
  const { verified: genuine, authenticationInfo: info } = await verifyAuthenticationResponse({
    response: {
      id: answer.id,
      rawId: answer.id,
      type: "public-key",
      clientExtensionResults: {},
      response: {
        clientDataJSON: text(answer.clientData),
        authenticatorData: text(answer.authenticatorData),
        signature: text(answer.signature),
      },
    },
    expectedChallenge: check.challenge,
    expectedOrigin: [...check.party.origins],
    expectedRPID: check.party.id,
    requireUserVerification: check.requireVerification,
    // The count is judged below: a key that seems to be copied is marked, not refused, as clients of Kratos know it.
    credential: { id: answer.id, publicKey: Uint8Array.from(bytesOf(key.public_key)), counter: 0 },
  });
  if (!genuine) return { flaw: "the signature does not fit the public key" };
  return { ...used(key, info.newCounter, flags) };
}

function used(key: StoredKey, count: number, flags: { up: boolean; uv: boolean; be: boolean; bs: boolean }) {
  const before = key.authenticator.sign_count;
  const cloned = (count > 0 || before > 0) && count <= before;
  const authenticator = {
    ...key.authenticator,
    sign_count: Math.max(before, count),
    clone_warning: key.authenticator.clone_warning || cloned,
  };
  const now = { user_present: flags.up, user_verified: flags.uv, backup_eligible: flags.be, backup_state: flags.bs };
  return { key: { ...key, authenticator, flags: now }, cloned };
}

const text = (bytes: Uint8Array) => Buffer.from(bytes).toString("base64url");
