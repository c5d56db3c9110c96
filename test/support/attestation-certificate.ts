import { generateKeyPairSync, sign } from "node:crypto";
import type { Statement } from "./authenticator.ts";

const der = (tag: number, ...parts: Buffer[]): Buffer => {
  const body = Buffer.concat(parts);
  const length =
    body.length < 128
      ? [body.length]
      : body.length < 256
        ? [0x81, body.length]
        : [0x82, body.length >> 8, body.length & 255];
  return Buffer.concat([Buffer.from([tag, ...length]), body]);
};
const sequence = (...parts: Buffer[]) => der(0x30, ...parts);
const oid = (hex: string) => der(0x06, Buffer.from(hex, "hex"));
const named = (hex: string, value: string) => der(0x31, sequence(oid(hex), der(0x0c, Buffer.from(value))));
const subject = sequence(
  named("550406", "EU"),
  named("55040a", "Makers"),
  named("55040b", "Authenticator Attestation"),
  named("550403", "Key"),
);
const time = (year: string) => der(0x17, Buffer.from(`${year}0101000000Z`));
const ecdsaWithSha256 = sequence(oid("2a8648ce3d040302"));

/** A certificate of a maker of authenticators of one model, as WebAuthn Level 3, section 8.2.1, wants it. */
function certificate(aaguid: Buffer, { publicKey, privateKey }: ReturnType<typeof pair>): Buffer {
  const model = sequence(oid("2b0601040182e51c010104"), der(0x04, der(0x04, aaguid)));
  const noAuthority = sequence(oid("551d13"), der(0x01, Buffer.from([0xff])), der(0x04, sequence()));
  const body = sequence(
    der(0xa0, der(0x02, Buffer.from([2]))),
    der(0x02, Buffer.from([1])),
    ecdsaWithSha256,
    subject,
    sequence(time("20"), time("49")),
    subject,
    publicKey.export({ format: "der", type: "spki" }),
    der(0xa3, sequence(noAuthority, model)),
  );
  return sequence(body, ecdsaWithSha256, der(0x03, Buffer.from([0]), sign("sha256", body, privateKey)));
}

const pair = () => generateKeyPairSync("ec", { namedCurve: "P-256" });

/** A statement by which a maker vouches for a key of a model: whether it is the key's own is up to the test. */
export function vouched(aaguid: Buffer, tamper: (certificate: Buffer) => Buffer = (whole) => whole) {
  return ({ authData, clientDataHash }: Statement) => {
    const maker = pair();
    const sig = sign("sha256", Buffer.concat([authData, clientDataHash]), maker.privateKey);
    return { fmt: "packed", attStmt: { alg: -7, sig, x5c: [tamper(certificate(aaguid, maker))] } };
  };
}

/** A statement that a key makes for itself. */
export const selfMade = ({ authData, clientDataHash, privateKey }: Statement) => ({
  fmt: "packed",
  attStmt: { alg: -7, sig: sign("sha256", Buffer.concat([authData, clientDataHash]), privateKey) },
});
