import type { Config } from "../config/config.ts";

/** Where the links of messages begin, with a slash at the end: at the public port, unless they are led elsewhere. */
export function linkBase({ selfservice, serve }: Config): string {
  const { base_url: elsewhere } = selfservice.methods.link.config;
  return elsewhere ? `${elsewhere.replace(/\/$/, "")}/` : serve.public.message_url;
}
