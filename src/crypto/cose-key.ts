import { createPublicKey } from "node:crypto";
import type { JsonWebKey } from "node:crypto";
import { isoCBOR } from "@simplewebauthn/server/helpers";
import { algorithms } from "./cose-algorithms.ts";
import type { Algorithm } from "./cose-algorithms.ts";

/** Whether a public key (COSE) signs by ECDSA, whose signatures are written in DER. */
export const signsInDer = (cose: Uint8Array): boolean =>
  isoCBOR.decodeFirst<Map<number, unknown>>(Uint8Array.from(cose)).get(1) === kinds.EC;

/** Whether bytes are one sequence of DER with nothing behind it: a lenient reader would take several for one signature. */
export function isWholeSequence(bytes: Uint8Array): boolean {
  const long = bytes[1] === 0x81;
  const length = long ? bytes[2] : bytes[1];
  return (
    bytes[0] === 0x30 &&
    length !== undefined &&
    (long ? length > 127 : length < 128) &&
    bytes.length === length + (long ? 3 : 2)
  );
}

const kinds = { OKP: 1, EC: 2, RSA: 3 };
const curves = new Map([
  [1, "P-256"],
  [2, "P-384"],
  [3, "P-521"],
  [6, "Ed25519"],
]);
const fewestModulusBits = 2048;
const mostModulusBits = 8192;

/** Why a public key (COSE) cannot be trusted with an account; undefined where it can. */
export function flawOfPublicKey(cose: Uint8Array): string | undefined {
  const key = readMap(cose);
  if (!key) return "the public key is no map";
  const algorithm = algorithms.find(({ id }) => id === key.get(3));
  if (!algorithm) return "the public key is of an algorithm that was not offered";
  if (key.get(1) !== kinds[algorithm.kind]) return "the public key does not fit its algorithm";
  if (algorithm.curve !== undefined && key.get(-1) !== algorithm.curve) return "the public key is on another curve";
  try {
    return flawOfNumbers(algorithm, key);
  } catch {
    return "the public key is no point of its curve";
  }
}

function readMap(cose: Uint8Array): Map<number, unknown> | undefined {
  try {
    const key: unknown = isoCBOR.decodeFirst(Uint8Array.from(cose));
    return key instanceof Map ? key : undefined;
  } catch {
    return undefined;
  }
}

function flawOfNumbers({ kind, curve }: Algorithm, key: Map<number, unknown>): string | undefined {
  if (kind === "RSA")
    return flawOfRsa(
      createPublicKey({ key: { kty: "RSA", n: text(key.get(-1)), e: text(key.get(-2)) }, format: "jwk" }),
    );
  const crv = curves.get(curve!)!;
  const jwk: JsonWebKey = { kty: kind, crv, x: text(key.get(-2)), ...(kind === "EC" && { y: text(key.get(-3)) }) };
  createPublicKey({ key: jwk, format: "jwk" });
  return undefined;
}

function flawOfRsa({ asymmetricKeyDetails: details }: ReturnType<typeof createPublicKey>): string | undefined {
  const { modulusLength = 0, publicExponent = 0n } = details ?? {};
  if (modulusLength < fewestModulusBits || modulusLength > mostModulusBits)
    return "the modulus is too short, or too long";
  // With an exponent of 1 a signature is its own message: anybody could sign.
  return publicExponent < 65_537n || publicExponent % 2n === 0n ? "the public exponent is weak" : undefined;
}

function text(value: unknown): string {
  if (!(value instanceof Uint8Array)) throw new Error("A part of the key is missing.");
  return Buffer.from(value).toString("base64url");
}
