import { createHmac } from "node:crypto";
import type { Context } from "../context.ts";
import { keyFor } from "../crypto/keys.ts";

/** What is tried, and by or on whom: `password of` and a name, `mail` and an address. */
export interface Tried {
  readonly what: string;
  readonly whom: string;
}

/** The id of the row that counts tries: a keyed hash, so that nobody reads out of the database whom they concern. */
export function throttleId({ config, tenant }: Context, { what, whom }: Tried, kind: number | string): string {
  const { secrets } = config;
  const secret = secrets.default[0] ?? secrets.cookie[0]!;
  return createHmac("sha256", keyFor("throttle", secret))
    .update([tenant.id, what, kind, whom].join("\0"))
    .digest("hex");
}
