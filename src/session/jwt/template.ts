import type { Config } from "../../config/config.ts";

/** A kind of token, as it is configured. */
export type Template = Config["session"]["whoami"]["tokenizer"]["templates"][string];

/** That a key set has no key by which a template could sign. */
export class KeyRefused extends Error {
  override readonly name = "KeyRefused";
}
