import { createHash, createHmac, createPrivateKey, createPublicKey, sign } from "node:crypto";
import { constants } from "node:crypto";
import type { JsonWebKey, KeyObject, SignKeyObjectInput } from "node:crypto";

interface Algorithm {
  readonly kty: "RSA" | "EC" | "OKP" | "oct";
  readonly crv?: string;
  /** None where the algorithm has its own. */
  readonly digest?: "sha256" | "sha384" | "sha512";
  readonly pss?: true;
  /** Whether a signature takes so long (a millisecond and more) that other calls should not wait for it. */
  readonly slow?: true;
}

/** What tokens are signed with (RFC 7518, section 3.1; RFC 8037; RFC 9864). */
const algorithms: Readonly<Record<string, Algorithm>> = {
  RS256: { kty: "RSA", digest: "sha256", slow: true },
  RS384: { kty: "RSA", digest: "sha384", slow: true },
  RS512: { kty: "RSA", digest: "sha512", slow: true },
  PS256: { kty: "RSA", digest: "sha256", pss: true, slow: true },
  PS384: { kty: "RSA", digest: "sha384", pss: true, slow: true },
  PS512: { kty: "RSA", digest: "sha512", pss: true, slow: true },
  ES256: { kty: "EC", crv: "P-256", digest: "sha256" },
  ES384: { kty: "EC", crv: "P-384", digest: "sha384", slow: true },
  ES512: { kty: "EC", crv: "P-521", digest: "sha512", slow: true },
  EdDSA: { kty: "OKP", crv: "Ed25519" },
  Ed25519: { kty: "OKP", crv: "Ed25519" },
  HS256: { kty: "oct", digest: "sha256" },
  HS384: { kty: "oct", digest: "sha384" },
  HS512: { kty: "oct", digest: "sha512" },
};

const leastRsaBits = 2048;

/** What everybody may know of a key (RFC 7517). */
export interface PublicJwk {
  readonly kty: string;
  readonly kid: string;
  readonly alg?: string;
  readonly use: "sig";
  readonly crv?: string;
  readonly x?: string;
  readonly y?: string;
  readonly n?: string;
  readonly e?: string;
}

/** A key that signs tokens, imported once. */
export interface SigningKey {
  readonly alg: string;
  /** Left out where a shared secret has none: nothing is told of it. */
  readonly kid?: string;
  /** Signs claims: a JWT in the compact serialization (RFC 7515, section 7.1). */
  sign(claims: object): string | Promise<string>;
}

/** Whether a key has what signing takes. */
export const isPrivateJwk = ({ d, k }: JsonWebKey): boolean => typeof d === "string" || typeof k === "string";

/** Reads a private key or a shared secret. Throws an Error that says what is wrong, and nothing of the key. */
export function readSigningKey(jwk: JsonWebKey): SigningKey {
  const alg = String(jwk["alg"] ?? "");
  const algorithm = Object.hasOwn(algorithms, alg) ? algorithms[alg]! : undefined;
  if (!algorithm) throw new Error('a key needs "alg", the name of an algorithm that signs, such as ES256.');
  if (algorithm.kty !== jwk.kty || (algorithm.crv && algorithm.crv !== jwk.crv))
    throw new Error(`a key is none for its algorithm ${alg}.`);
  if (algorithm.kty === "oct") return withSecret(alg, algorithm, jwk);
  const key = imported(() => createPrivateKey({ key: jwk, format: "jwk" }));
  if ((key.asymmetricKeyDetails?.modulusLength ?? leastRsaBits) < leastRsaBits)
    throw new Error(`a key of RSA has less than ${leastRsaBits} bits.`);
  const { kid } = publicJwkOf(jwk);
  const input: SignKeyObjectInput = {
    key,
    dsaEncoding: "ieee-p1363",
    ...(algorithm.pss && {
      padding: constants.RSA_PKCS1_PSS_PADDING,
      saltLength: constants.RSA_PSS_SALTLEN_DIGEST,
    }),
  };
  const digest = algorithm.digest ?? null;
  return signingBy({ alg, kid }, (text) => {
    if (!algorithm.slow) return sign(digest, text, input);
    return new Promise((resolve, reject) => {
      sign(digest, text, input, (error, signature) => (error ? reject(error) : resolve(signature)));
    });
  });
}

function withSecret(alg: string, { digest }: Algorithm, { k, kid }: JsonWebKey): SigningKey {
  const secret = Buffer.from(k!, "base64url");
  // RFC 7518, section 3.2: a key of the same size as the hash, or larger.
  const least = Number(digest!.slice(3)) / 8;
  if (secret.length < least) throw new Error(`a shared secret for ${alg} has less than ${least} bytes.`);
  const name = typeof kid === "string" ? { kid } : {};
  return signingBy({ alg, ...name }, (text) => createHmac(digest!, secret).update(text).digest());
}

function signingBy(
  name: { readonly alg: string; readonly kid?: string },
  signature: (text: Buffer) => Buffer | Promise<Buffer>,
): SigningKey {
  const header = encoded({ ...name, typ: "JWT" });
  return {
    ...name,
    sign(claims) {
      const text = `${header}.${encoded(claims)}`;
      const signed = signature(Buffer.from(text));
      return signed instanceof Promise ? signed.then((bytes) => joined(text, bytes)) : joined(text, signed);
    },
  };
}

const encoded = (json: object): string => Buffer.from(JSON.stringify(json)).toString("base64url");
const joined = (text: string, signature: Buffer): string => `${text}.${signature.toString("base64url")}`;

/** The public half of a key, by its own name or by its thumbprint (RFC 7638). Throws an Error that says nothing of the key. */
export function publicJwkOf(jwk: JsonWebKey): PublicJwk {
  const half = imported(() => createPublicKey({ key: jwk, format: "jwk" }).export({ format: "jwk" }));
  const { kid, alg } = jwk as { readonly kid?: unknown; readonly alg?: unknown };
  return {
    ...(half as { kty: string }),
    kid: typeof kid === "string" && kid ? kid : thumbprintOf(half),
    ...(typeof alg === "string" && { alg }),
    use: "sig",
  };
}

/** What Node exports of a public key are the required members of RFC 7638. */
function thumbprintOf(half: JsonWebKey): string {
  const members = Object.entries(half).toSorted(([a], [b]) => (a < b ? -1 : 1));
  return createHash("sha256")
    .update(JSON.stringify(Object.fromEntries(members)))
    .digest("base64url");
}

function imported<K extends KeyObject | JsonWebKey>(read: () => K): K {
  try {
    return read();
  } catch {
    // What OpenSSL says may repeat what it was given.
    throw new Error("a key cannot be read.");
  }
}
