import type { Config } from "./config.ts";
import type { Written } from "./schema.ts";
import { isAdminExposed } from "./exposed-admin.ts";
import { isUnsafeWildcard } from "./wildcard.ts";

/** What the operator should know is less safe than it could be, one sentence each. */
export function listInsecurities(config: Config, written: Written, spareSecretInUse: boolean): string[] {
  const found: string[] = [];
  const { dev, serve, cookies, hashers } = config;
  if (dev) found.push("development mode is on: cookies travel without TLS");
  if (spareSecretInUse) found.push("secrets.cookie is not set: a random secret is used until the next start");
  if (!dev && serve.public.base_url.startsWith("http://"))
    found.push("serve.public.base_url is http: browsers will not send the Secure cookies back");
  if (serve.public.base_url.startsWith("https://") && !serve.public.tls)
    found.push("serve.public.tls is not set: TLS must end in front of this server");
  if (cookies.secure === "false" && !dev) found.push("cookies.secure is false: cookies travel without TLS");
  if (hashers.algorithm === "bcrypt" && hashers.bcrypt.cost < 10) found.push("hashers.bcrypt.cost is below 10");
  if (config.courier.inbox && !dev)
    found.push("courier.inbox is on: whoever reaches the public port reads all messages, with codes and links");
  if (isAdminExposed(config))
    found.push(
      "serve.admin.authentication.required is not set, and serve.admin.host is not this machine alone: whoever reaches the admin port may do everything",
    );
  const wide = [...written.serve.public.cors.allowed_origins, ...written.selfservice.allowed_return_urls].filter(
    isUnsafeWildcard,
  );
  const heeded = config.feature_flags.legacy_allow_insecure_origins;
  for (const pattern of wide)
    found.push(`${pattern} stands for domains of strangers, and is ${heeded ? "let in" : "ignored"}`);
  return found;
}
