import { createBoundedCache, type BoundedCache } from "../bounded-cache.ts";
import type { Config } from "./config.ts";

/** Whoever makes up names of hosts makes room by it for others. */
const mostAddresses = 64;
const kept = new WeakMap<Config, BoundedCache<string, Config>>();

/**
 * The configuration for whoever has made a call. Where nobody has said how clients reach the server, links, and the pages that
 * were named by a path, lead back to where they have called.
 */
export function configFor(config: Config, call: { readonly address: string }): Config {
  const { base_url: own, derived } = config.serve.public;
  if (!derived) return config;
  const { address } = call;
  if (address === own) return config;
  let variants = kept.get(config);
  if (!variants) kept.set(config, (variants = createBoundedCache(mostAddresses)));
  return variants.get(address) ?? variants.set(address, moved(config, address));
}

function moved(config: Config, address: string): Config {
  const { serve, selfservice } = config;
  const own = serve.public.base_url;
  const flows = Object.entries(selfservice.flows).map(([name, flow]) => {
    const led =
      "ui_url" in flow && flow.ui_url.startsWith(own) ? { ui_url: address + flow.ui_url.slice(own.length) } : {};
    return [name, { ...flow, ...led }];
  });
  return {
    ...config,
    // Inner networks are believed without being named. A link that opens an account takes a proxy that is.
    serve: {
      ...serve,
      public: { ...serve.public, base_url: address, ...(serve.trusted_proxies.networks && { message_url: address }) },
    },
    selfservice: { ...selfservice, flows: Object.fromEntries(flows) as Config["selfservice"]["flows"] },
  };
}
