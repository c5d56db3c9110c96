import { isUuid } from "../db/id.ts";

/** An identity's id in bytes: by it authenticators know an account that has a security key. */
export const handleOfIdentity = (id: string): Uint8Array => Uint8Array.from(Buffer.from(id.replaceAll("-", ""), "hex"));

/** The identity that a handle is the id of; undefined where it is none. */
export function identityOfHandle(handle: Uint8Array): string | undefined {
  const hex = Buffer.from(handle).toString("hex");
  const id = hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
  return isUuid(id) ? id : undefined;
}

/** A handle as text, where it is one that a credential can be found by. */
export function textOfHandle(handle: Uint8Array): string | undefined {
  const text = Buffer.from(handle).toString("latin1");
  return /^[\x21-\x7e]{1,64}$/.test(text) ? text : undefined;
}
