import type { Config } from "../config/config.ts";

const urls = new WeakMap<object, Map<string, string>>();

/** Where clients fetch a schema. Its id is encoded, since it may be any text. Every session and identity tells it: it is made once. */
export function schemaUrl({ serve }: Pick<Config, "serve">, id: string): string {
  let known = urls.get(serve);
  if (!known) urls.set(serve, (known = new Map()));
  let url = known.get(id);
  if (url === undefined)
    known.set(id, (url = new URL(`schemas/${Buffer.from(id).toString("base64url")}`, serve.public.base_url).href));
  return url;
}

/** The id that a path names in its encoded form. */
export const schemaIdOf = (encoded: string): string => Buffer.from(encoded, "base64url").toString("utf8");
