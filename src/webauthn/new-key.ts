import { verifyRegistrationResponse } from "@simplewebauthn/server";
import { decodeAttestationObject } from "@simplewebauthn/server/helpers";
import { algorithms } from "../crypto/cose-algorithms.ts";
import { flawOfPublicKey } from "../crypto/cose-key.ts";
import type { NewKeyAnswer } from "./answer.ts";
import { readAuthenticatorData } from "./authenticator-data.ts";
import { assertPlainCbor } from "./cbor-shape.ts";
import { flawOfClientData } from "./client-data.ts";
import type { StoredKey } from "./keys.ts";
import type { RelyingParty } from "./relying-party.ts";

/** What a new key is judged by. */
export interface NewKeyCheck {
  readonly party: RelyingParty;
  readonly challenge: string;
  readonly requireVerification: boolean;
  /** Whether the authenticator has to prove its make. */
  readonly requireAttestation: boolean;
  readonly name: string;
  readonly passwordless: boolean;
  readonly now: Date;
}

/** A judgement: the key, or why there is none. The reason is for the log. */
export type JudgedKey = { readonly key: StoredKey } | { readonly flaw: string };

/** Judges a new key by the steps of WebAuthn Level 3, section 7.1. */
export async function judgeNewKey(answer: NewKeyAnswer, check: NewKeyCheck): Promise<JudgedKey> {
  const { party, challenge } = check;
  const said = flawOfClientData(answer.clientData, { type: "webauthn.create", challenge, party });
  if (said) return { flaw: said };
  try {
    assertPlainCbor(answer.attestation);
    const statement = decodeAttestationObject(answer.attestation);
    const flaw = flawOfData(
      statement.get("authData"),
      answer,
      check.requireAttestation && statement.get("fmt") === "none",
    );
    return flaw ? { flaw } : { key: await verified(answer, check) };
  } catch (error) {
    return { flaw: error instanceof Error ? error.message : String(error) };
  }
}

/** What the library leaves to its caller. */
function flawOfData(data: unknown, { id }: NewKeyAnswer, unproved: boolean): string | undefined {
  if (!(data instanceof Uint8Array)) return "the authenticator's data is missing";
  if (unproved) return "the authenticator does not prove its make";
  const { credentialID, credentialPublicKey } = readAuthenticatorData(data);
  if (!credentialID || !credentialPublicKey) return "the authenticator's data has no key";
  if (Buffer.from(credentialID).toString("base64url") !== id) return "the key has another id than the answer";
  return flawOfPublicKey(credentialPublicKey);
}

async function verified(answer: NewKeyAnswer, check: NewKeyCheck): Promise<StoredKey> {
  const { party, challenge, requireVerification, name, passwordless, now } = check;
  const { verified: genuine, registrationInfo: info } = await verifyRegistrationResponse({
    response: {
      id: answer.id,
      rawId: answer.id,
      type: "public-key",
      clientExtensionResults: {},
      response: { clientDataJSON: text(answer.clientData), attestationObject: text(answer.attestation) },
    },
    expectedChallenge: challenge,
    expectedOrigin: [...party.origins],
    expectedRPID: party.id,
    requireUserVerification: requireVerification,
    supportedAlgorithmIDs: algorithms.map(({ id }) => id),
  });
  if (!genuine || !info) throw new Error("the statement of attestation does not hold");
  const certified = decodeAttestationObject(answer.attestation).get("attStmt").get("x5c") !== undefined;
  return {
    id: Buffer.from(info.credential.id, "base64url").toString("base64"),
    public_key: Buffer.from(info.credential.publicKey).toString("base64"),
    attestation_type: info.fmt === "none" ? "none" : certified ? "basic_full" : "basic_surrogate",
    authenticator: {
      aaguid: Buffer.from(info.aaguid.replaceAll("-", ""), "hex").toString("base64"),
      sign_count: info.credential.counter,
      clone_warning: false,
    },
    display_name: name,
    added_at: now.toISOString(),
    is_passwordless: passwordless,
    flags: {
      user_present: true,
      user_verified: info.userVerified,
      backup_eligible: info.credentialDeviceType === "multiDevice",
      backup_state: info.credentialBackedUp,
    },
    ...(answer.transports.length > 0 && { transport: answer.transports }),
  };
}

const text = (bytes: Uint8Array) => Buffer.from(bytes).toString("base64url");
