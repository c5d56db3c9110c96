import { createHmac, generateKeyPairSync } from "node:crypto";
import type { Context } from "../context.ts";
import { keyFor } from "../crypto/keys.ts";
import { normaliseIdentifier } from "../schema/normalise.ts";
import type { StoredKey } from "./keys.ts";

const usual = [["internal", "hybrid"], ["internal"], ["usb"], ["nfc", "usb"]];

/**
 * The keys of somebody who has none: always the same ones for one name, so that asking twice tells nothing. To judge a
 * signature by them takes as long as by real ones.
 */
export function decoyKeys({ config }: Context, identifier: string): readonly StoredKey[] {
  const { default: general, cookie } = config.secrets;
  const secret = keyFor("decoy keys", (general.length > 0 ? general : cookie)[0] ?? "");
  const drawn = createHmac("sha512", secret).update(normaliseIdentifier(identifier)).digest();
  return [
    {
      id: drawn.subarray(0, 32).toString("base64"),
      public_key: (strangerKey ??= someKey()),
      attestation_type: "none",
      authenticator: { aaguid: "", sign_count: 0, clone_warning: false },
      display_name: "",
      added_at: "",
      is_passwordless: true,
      transport: usual[drawn[32]! % usual.length]!,
    },
  ];
}

let strangerKey: string | undefined;

/** A public key of P-256 (COSE) whose private half nobody keeps. */
function someKey(): string {
  const { x = "", y = "" } = generateKeyPairSync("ec", { namedCurve: "P-256" }).publicKey.export({ format: "jwk" });
  const [head, between] = [Buffer.from("a5010203262001215820", "hex"), Buffer.from("225820", "hex")];
  return Buffer.concat([head, Buffer.from(x, "base64url"), between, Buffer.from(y, "base64url")]).toString("base64");
}
