import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { ownFile } from "../own-file.ts";

/** The script that talks to authenticators, as it is served. */
export interface Script {
  readonly text: Uint8Array;
  /** For the attribute of the same name: browsers run nothing else. */
  readonly integrity: string;
  readonly etag: string;
}

let loaded: Script | undefined;

/** Reads the script once. */
export function script(): Script {
  return (loaded ??= load());
}

function load(): Script {
  const text = readFileSync(ownFile("webauthn/browser.js"));
  const digest = createHash("sha512").update(text).digest("base64");
  return { text: Uint8Array.from(text), integrity: `sha512-${digest}`, etag: `"${digest.slice(0, 32)}"` };
}
