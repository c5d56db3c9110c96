import { hash as digestOf } from "node:crypto";
import { fromPaddedBase64 } from "./base64.ts";
import { defineFamily, malformed } from "./family.ts";
import { sameBytes } from "./same-bytes.ts";
import { fillTemplate, parseSalting } from "./template.ts";
import type { Salting } from "./template.ts";

const layout = /^\$md5\$(?:pf=([^$]+)\$([^$]*)\$)?([^$]+)$/;
const unsalted: Salting = { template: "{PASSWORD}", salt: Buffer.alloc(0) };

interface Md5Hash extends Salting {
  readonly digest: Buffer;
}

function parse(hash: string): Md5Hash | string {
  const [, templateText, saltText = "", digestText = ""] = layout.exec(hash) ?? [];
  const salting = templateText === undefined ? unsalted : parseSalting(templateText, saltText);
  const digest = fromPaddedBase64(digestText);
  return salting && digest?.length === 16 ? { digest, ...salting } : malformed;
}

/** One round of MD5, with or without a salt. */
export const md5 = defineFamily("md5", /^\$md5\$/, parse, (password, { digest, ...salting }) =>
  sameBytes(digestOf("md5", fillTemplate(salting, password), "buffer"), digest),
);
