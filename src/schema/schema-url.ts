import type { Config } from "../config/config.ts";

/** Where clients fetch a schema. Its id is encoded, since it may be any text. */
export const schemaUrl = ({ serve }: Pick<Config, "serve">, id: string): string =>
  new URL(`schemas/${Buffer.from(id).toString("base64url")}`, serve.public.base_url).href;

/** The id that a path names in its encoded form. */
export const schemaIdOf = (encoded: string): string => Buffer.from(encoded, "base64url").toString("utf8");
