import { createHmac, generateKeyPairSync } from "node:crypto";
import type { Context } from "../context.ts";
import { keyFor } from "../crypto/keys.ts";
import { normaliseIdentifier } from "../schema/normalise.ts";
import type { StoredKey } from "./keys.ts";

interface Make {
  /** Of the ids of its keys, in bytes. */
  readonly length: number;
  /** Left out where a key was stored without any, as old ones were. */
  readonly transport?: readonly string[];
}

/** What people have: passkeys of phones, laptops, and keys that are carried about. What is met more often stands here twice. */
// Browsers name transports in the order of the alphabet.
const makes: readonly Make[] = [
  { length: 16, transport: ["hybrid", "internal"] },
  { length: 20, transport: ["hybrid", "internal"] },
  { length: 20, transport: ["hybrid", "internal"] },
  { length: 32, transport: ["internal"] },
  { length: 32, transport: ["hybrid", "internal"] },
  { length: 48, transport: ["nfc", "usb"] },
  { length: 64, transport: ["nfc", "usb"] },
  { length: 64, transport: ["usb"] },
  { length: 64 },
  { length: 16 },
];
/** One in so many has two keys. */
const oneInHasTwo = 4;

/**
 * The keys of somebody who has none: always the same ones for one name, so that asking twice tells nothing. To judge a
 * signature by them takes as long as by real ones.
 */
export function decoyKeys({ config }: Context, identifier: string): readonly StoredKey[] {
  const { default: general, cookie } = config.secrets;
  const secret = keyFor("decoy keys", (general.length > 0 ? general : cookie)[0] ?? "");
  const name = normaliseIdentifier(identifier);
  const draw = (what: string) => createHmac("sha512", secret).update(`${what}:${name}`).digest();
  const count = draw("how many")[0]! % oneInHasTwo === 0 ? 2 : 1;
  return Array.from({ length: count }, (_, at) =>
    keyOf(makes[draw(`make ${at}`)[0]! % makes.length]!, draw(`id ${at}`)),
  );
}

const keyOf = ({ length, transport }: Make, drawn: Buffer): StoredKey => ({
  id: drawn.subarray(0, length).toString("base64"),
  public_key: (strangerKey ??= someKey()),
  attestation_type: "none",
  authenticator: { aaguid: "", sign_count: 0, clone_warning: false },
  display_name: "",
  added_at: "",
  is_passwordless: true,
  ...(transport && { transport }),
});

let strangerKey: string | undefined;

/** A public key of P-256 (COSE) whose private half nobody keeps. */
function someKey(): string {
  const { x = "", y = "" } = generateKeyPairSync("ec", { namedCurve: "P-256" }).publicKey.export({ format: "jwk" });
  const [head, between] = [Buffer.from("a5010203262001215820", "hex"), Buffer.from("225820", "hex")];
  return Buffer.concat([head, Buffer.from(x, "base64url"), between, Buffer.from(y, "base64url")]).toString("base64");
}
