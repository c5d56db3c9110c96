import type { Tenant } from "../tenant.ts";

const version = 1;
const length = 1 + 16 + 8;

/**
 * Stands for a place in the events of a tenant: behind the one with this number. It is no secret, and good at every server for as long
 * as there are events, so that whoever keeps it can go on whatever has become of the server's secrets.
 */
export function cursorAt({ id }: Pick<Tenant, "id">, sequence: number): string {
  const bytes = Buffer.alloc(length);
  bytes.writeUInt8(version);
  bytes.write(id.replaceAll("-", ""), 1, "hex");
  bytes.writeBigUInt64BE(BigInt(sequence), 17);
  return bytes.toString("base64url");
}

/** The number that a cursor stands for; undefined where it is none of this tenant's. */
export function sequenceAt(tenant: Pick<Tenant, "id">, cursor: string): number | undefined {
  const bytes = Buffer.from(cursor, "base64url");
  if (bytes.length !== length) return undefined;
  const sequence = Number(bytes.readBigUInt64BE(17));
  return Number.isSafeInteger(sequence) && cursorAt(tenant, sequence) === cursor ? sequence : undefined;
}
