import { hash as digestOf } from "node:crypto";
import { fromPaddedBase64 } from "./base64.ts";
import { defineFamily, malformed } from "./family.ts";
import { sameBytes } from "./same-bytes.ts";
import { fillTemplate, parseSalting } from "./template.ts";
import type { Salting } from "./template.ts";

const lengths: Readonly<Record<string, number>> = { sha1: 20, sha256: 32, sha512: 64 };
const layout = /^\$(sha1|sha256|sha512)\$pf=([^$]+)\$([^$]*)\$([^$]+)$/;

interface ShaHash extends Salting {
  readonly name: string;
  readonly digest: Buffer;
}

function parseTemplated(hash: string): ShaHash | string {
  const [, name, templateText = "", saltText = "", digestText = ""] = layout.exec(hash) ?? [];
  const [salting, digest] = [parseSalting(templateText, saltText), fromPaddedBase64(digestText)];
  if (!name || !salting || digest?.length !== lengths[name]) return malformed;
  return { name, digest: digest!, ...salting };
}

/** One round of SHA over a template of salt and password. */
export const sha = defineFamily(
  "sha",
  /^\$sha(1|256|512)\$/,
  parseTemplated,
  (password, { name, digest, ...salting }) =>
    sameBytes(digestOf(name, fillTemplate(salting, password), "buffer"), digest),
);

interface SaltedSha {
  readonly name: string;
  readonly salt: Buffer;
  readonly digest: Buffer;
}

function parseSalted(hash: string): SaltedSha | string {
  const [, bits, text = ""] = /^\{SSHA(256|512)?\}(.+)$/.exec(hash) ?? [];
  const name = `sha${bits ?? 1}`;
  const bytes = fromPaddedBase64(text);
  const length = lengths[name]!;
  // At least one byte of salt follows the digest.
  if (!bytes || bytes.length <= length) return malformed;
  return { name, digest: bytes.subarray(0, length), salt: bytes.subarray(length) };
}

/** The salted SHA of LDAP directories (RFC 2307 and its kin). */
export const ssha = defineFamily("ssha", /^\{SSHA(256|512)?\}/, parseSalted, (password, { name, salt, digest }) =>
  sameBytes(digestOf(name, Buffer.concat([password, salt]), "buffer"), digest),
);
