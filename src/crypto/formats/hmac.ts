import { createHmac } from "node:crypto";
import { fromPaddedBase64 } from "./base64.ts";
import { defineFamily, malformed } from "./family.ts";
import { hmacMd4 } from "./md4.ts";
import { sameBytes } from "./same-bytes.ts";

const lengths: Readonly<Record<string, number>> = {
  md4: 16,
  md5: 16,
  sha1: 20,
  sha224: 28,
  sha256: 32,
  sha384: 48,
  sha512: 64,
};
const layout = /^\$hmac-(md4|md5|sha1|sha224|sha256|sha384|sha512)\$([^$]+)\$([^$]*)$/;

interface HmacHash {
  readonly name: string;
  readonly key: Buffer;
  /** In hex, as it is stored. */
  readonly digest: Buffer;
}

function parse(hash: string): HmacHash | string {
  const [, name, digestText = "", keyText = ""] = layout.exec(hash) ?? [];
  const [digest, key] = [fromPaddedBase64(digestText), fromPaddedBase64(keyText)];
  if (!name || !digest || !key || digest.length !== 2 * lengths[name]!) return malformed;
  return { name, key, digest };
}

/** HMAC (RFC 2104) of the password under a key that stands beside it. */
export const hmac = defineFamily(
  "hmac",
  /^\$hmac-(md4|md5|sha1|sha224|sha256|sha384|sha512)\$/,
  parse,
  (password, { name, key, digest }) => {
    const bytes = name === "md4" ? hmacMd4(key, password) : createHmac(name, key).update(password).digest();
    return sameBytes(Buffer.from(bytes.toString("hex")), digest);
  },
);
