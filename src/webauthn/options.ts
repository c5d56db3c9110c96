import type { PasskeyConfig } from "../config/methods-config.ts";
import { algorithms } from "../crypto/cose-algorithms.ts";
import { browserId } from "./keys.ts";
import type { StoredKey } from "./keys.ts";
import type { RelyingParty } from "./relying-party.ts";

/** What a page asks an authenticator for a key with. */
export interface CreationRequest {
  readonly party: RelyingParty;
  readonly user: { readonly id: Uint8Array; readonly name: string };
  readonly challenge: string;
  readonly timeoutMs: number;
  /** Keys that the account has: no authenticator shall make another beside one of its own. */
  readonly exclude: readonly StoredKey[];
  readonly selection: Readonly<Record<string, unknown>>;
  readonly attestation?: string;
}

/** The options for `navigator.credentials.create`, binary parts as base64url. */
export const creationOptions = ({
  party,
  user,
  challenge,
  timeoutMs,
  exclude,
  selection,
  attestation,
}: CreationRequest) => ({
  publicKey: {
    rp: { name: party.name, id: party.id },
    user: { name: user.name, displayName: user.name, id: Buffer.from(user.id).toString("base64url") },
    challenge,
    pubKeyCredParams: algorithms.map(({ id }) => ({ type: "public-key", alg: id })),
    timeout: timeoutMs,
    ...(exclude.length > 0 && { excludeCredentials: exclude.map(descriptor) }),
    authenticatorSelection: selection,
    ...(attestation && { attestation }),
  },
});

/** What a page asks for a signature with. */
export interface SignatureRequest {
  readonly party: RelyingParty;
  readonly challenge: string;
  readonly timeoutMs: number;
  /** The keys that may sign; any that the authenticator knows where none is named. */
  readonly allow?: readonly Pick<StoredKey, "id" | "transport">[];
  readonly userVerification: string;
}

/** The options for `navigator.credentials.get`, binary parts as base64url. */
export const requestOptions = ({ party, challenge, timeoutMs, allow = [], userVerification }: SignatureRequest) => ({
  publicKey: {
    challenge,
    timeout: timeoutMs,
    rpId: party.id,
    ...(allow.length > 0 && { allowCredentials: allow.map(descriptor) }),
    userVerification,
  },
});

const descriptor = (key: Pick<StoredKey, "id" | "transport">) => ({
  type: "public-key",
  id: browserId(key),
  ...(key.transport?.length && { transports: key.transport }),
});

/** Which authenticators a passkey is asked of. */
export function passkeySelection({
  authenticator_selection: wanted,
}: PasskeyConfig): Readonly<Record<string, unknown>> {
  return {
    ...(wanted.attachment && { authenticatorAttachment: wanted.attachment }),
    requireResidentKey: wanted.resident_key === "required",
    residentKey: wanted.resident_key,
    userVerification: wanted.user_verification,
  };
}
