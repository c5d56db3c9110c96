import { createHmac, randomBytes } from "node:crypto";

/** A request, and who signs it. */
export interface Signing {
  readonly method: "GET" | "POST";
  readonly url: string;
  readonly client: string;
  readonly clientSecret: string;
  /** Whose behalf it is on: of a request that somebody is asked about, or of a person. */
  readonly token?: string;
  readonly tokenSecret?: string;
  readonly callback?: string;
  readonly verifier?: string;
  readonly now: Date;
}

/** The value of `Authorization` that signs a request without a body by HMAC-SHA1 (RFC 5849, sections 3.4 and 3.5). */
export function signed(signing: Signing): string {
  const { method, client, clientSecret, token, tokenSecret = "", callback, verifier, now } = signing;
  const url = new URL(signing.url);
  const said: Record<string, string> = {
    oauth_consumer_key: client,
    oauth_nonce: randomBytes(16).toString("hex"),
    oauth_signature_method: "HMAC-SHA1",
    oauth_timestamp: String(Math.floor(now.getTime() / 1000)),
    oauth_version: "1.0",
    ...(token && { oauth_token: token }),
    ...(callback && { oauth_callback: callback }),
    ...(verifier && { oauth_verifier: verifier }),
  };
  const all = [...Object.entries(said), ...url.searchParams]
    .map(([name, value]) => [encode(name), encode(value)] as const)
    .toSorted(([a, x], [b, y]) => (a === b ? compare(x, y) : compare(a, b)))
    .map(([name, value]) => `${name}=${value}`)
    .join("&");
  const base = [method, `${url.origin}${url.pathname}`, all].map(encode).join("&");
  const signature = createHmac("sha1", `${encode(clientSecret)}&${encode(tokenSecret)}`)
    .update(base)
    .digest("base64");
  const parts = Object.entries({ ...said, oauth_signature: signature });
  return `OAuth ${parts.map(([name, value]) => `${encode(name)}="${encode(value)}"`).join(", ")}`;
}

/** Everything but letters, digits and -._~ (section 3.6). */
const encode = (text: string): string =>
  encodeURIComponent(text).replace(/[!'()*]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`);

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
