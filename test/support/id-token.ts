import { readFileSync } from "node:fs";
import { importJWK, SignJWT } from "jose";
import type { JWK, JWTHeaderParameters } from "jose";
import { site } from "./openid-provider.ts";

const [keys] = JSON.parse(readFileSync(new URL("openid/keys.json", import.meta.url), "utf8")) as [JWK[]];

/** How an ID token differs from one that will do. */
export interface IdTokenChanges {
  readonly claims?: Readonly<Record<string, unknown>>;
  /** The key that signs it; the provider's first unless said otherwise. */
  readonly key?: JWK;
  readonly header?: Partial<JWTHeaderParameters>;
  /** Now, in seconds since 1970. */
  readonly now?: number;
}

/** The keys that providers of tests sign with at first, of RSA and of an elliptic curve. */
export const providerKeys = keys as [JWK, JWK];

/** An ID token as a provider gives it to an app: signed by its first key, for our site, good for five minutes. */
export async function idTokenOf(issuer: string, subject: string, changes: IdTokenChanges = {}): Promise<string> {
  const { claims = {}, key = keys[0]!, header, now = Math.floor(Date.now() / 1000) } = changes;
  const said = { iss: issuer, sub: subject, aud: site.client_id, iat: now, exp: now + 300, ...claims };
  return new SignJWT(JSON.parse(JSON.stringify(said)))
    .setProtectedHeader({ alg: key.alg!, ...(key.kid && { kid: key.kid }), ...header })
    .sign(await importJWK(key, header?.alg ?? key.alg));
}
