import { duplicateMember } from "../rest/duplicates.ts";

/** What an authenticator answered when it made a key, its binary parts decoded. */
export interface NewKeyAnswer {
  readonly id: string;
  readonly clientData: Uint8Array;
  readonly attestation: Uint8Array<ArrayBuffer>;
  readonly transports: readonly string[];
}

/** What an authenticator answered when it was asked to sign, its binary parts decoded. */
export interface SignedAnswer {
  readonly id: string;
  readonly clientData: Uint8Array;
  readonly authenticatorData: Uint8Array;
  readonly signature: Uint8Array;
  /** The account that the key was made for, where the authenticator remembers it. */
  readonly userHandle: Uint8Array | undefined;
}

const mostTransports = 8;
/** WebAuthn L3, 4: a credential id is at most this long. */
const longestId = 1023;

type Json = Record<string, unknown>;

/** Reads what a page submits of a new key; undefined where it is not in the form that browsers give it. */
export function readNewKey(text: string): NewKeyAnswer | undefined {
  const answer = readAnswer(text);
  if (!answer) return undefined;
  const [clientData, attestation] = [
    binary(answer.response["clientDataJSON"]),
    binary(answer.response["attestationObject"]),
  ];
  const { transports = [] } = answer.response;
  if (!clientData || !attestation || !Array.isArray(transports) || transports.length > mostTransports) return undefined;
  if (!transports.every((name): name is string => typeof name === "string" && /^[a-z-]{1,32}$/.test(name)))
    return undefined;
  return { id: answer.id, clientData, attestation, transports };
}

/** Reads what a page submits of a signature; undefined where it is not in the form that browsers give it. */
export function readSigned(text: string): SignedAnswer | undefined {
  const answer = readAnswer(text);
  if (!answer) return undefined;
  const { clientDataJSON, authenticatorData: data, signature: signed, userHandle: handle } = answer.response;
  const [clientData, authenticatorData, signature] = [binary(clientDataJSON), binary(data), binary(signed)];
  if (!clientData || !authenticatorData || !signature) return undefined;
  const named = handle !== undefined && handle !== null && handle !== "";
  const userHandle = named ? binary(handle) : undefined;
  if (named && !userHandle) return undefined;
  return { id: answer.id, clientData, authenticatorData, signature, userHandle };
}

function readAnswer(text: string): { id: string; response: Json } | undefined {
  let answer: unknown;
  try {
    answer = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (!isObject(answer) || duplicateMember(text) !== undefined) return undefined;
  const { id, rawId, type, response } = answer;
  const bytes = binary(rawId);
  if (!bytes || bytes.length === 0 || bytes.length > longestId) return undefined;
  const written = Buffer.from(bytes).toString("base64url");
  if (typeof id !== "string" || binary(id) === undefined || id.replace(/=+$/, "") !== written) return undefined;
  return type === "public-key" && isObject(response) ? { id: written, response } : undefined;
}

const isObject = (value: unknown): value is Json =>
  typeof value === "object" && value !== null && !Array.isArray(value);

function binary(value: unknown): Uint8Array<ArrayBuffer> | undefined {
  if (typeof value !== "string" || !/^[\w-]*={0,2}$/.test(value)) return undefined;
  return Uint8Array.from(Buffer.from(value, "base64url"));
}
