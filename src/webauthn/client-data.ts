import { duplicateMember } from "../rest/duplicates.ts";
import type { RelyingParty } from "./relying-party.ts";

/** Real ones have some 200 bytes. */
const most = 8192;

/** What a browser has to have said for an answer to count. */
export interface ExpectedClientData {
  readonly type: "webauthn.create" | "webauthn.get";
  /** Base64url. */
  readonly challenge: string;
  readonly party: RelyingParty;
}

/** What is wrong with what the browser said of where and for what a key was used; undefined where nothing is. */
export function flawOfClientData(
  bytes: Uint8Array,
  { type, challenge, party }: ExpectedClientData,
): string | undefined {
  const said = readClientData(bytes);
  if (!said) return "the client data is no plain JSON object";
  if (said["type"] !== type) return "the client data is of another type";
  if (said["challenge"] !== challenge) return "the client data answers another challenge";
  if (!party.origins.includes(String(said["origin"]))) return "the client data is of another origin";
  if (said["crossOrigin"] !== undefined && said["crossOrigin"] !== false)
    return "the key was used in a frame of another site";
  return said["topOrigin"] === undefined ? undefined : "the key was used in a frame of another site";
}

/** JSON that every parser reads alike: no mark at its beginning, no member twice, in UTF-8. */
function readClientData(bytes: Uint8Array): Record<string, unknown> | undefined {
  if (bytes.length > most) return undefined;
  try {
    const text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
    const said: unknown = JSON.parse(text);
    if (typeof said !== "object" || said === null || Array.isArray(said) || duplicateMember(text) !== undefined)
      return undefined;
    return said as Record<string, unknown>;
  } catch {
    return undefined;
  }
}
