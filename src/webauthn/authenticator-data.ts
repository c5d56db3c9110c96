import { parseAuthenticatorData } from "@simplewebauthn/server/helpers";
import { assertPlainCbor } from "./cbor-shape.ts";

/** The hash of the site, the flags and the count. */
const headLength = 37;
/** The model of the authenticator, and the length of the key's id. */
const keyHeadLength = 18;

const hasKey = 0x40;
const hasExtensions = 0x80;

/** Parses what an authenticator signs, after a look at its documents: the parser descends into them as deep as they go. */
export function readAuthenticatorData(data: Uint8Array): ReturnType<typeof parseAuthenticatorData> {
  const flags = data[headLength - 5] ?? 0;
  const documents = (flags & hasKey ? 1 : 0) + (flags & hasExtensions ? 1 : 0);
  const idLength = ((data[headLength + 16] ?? 0) << 8) | (data[headLength + 17] ?? 0);
  assertPlainCbor(data.subarray(headLength + (flags & hasKey ? keyHeadLength + idLength : 0)), documents);
  return parseAuthenticatorData(Uint8Array.from(data));
}
