import type { settle } from "./settle.ts";

/**
 * The configuration in effect: the tree of kratos.yml with every default filled in, as the schema (`schema.ts`) says and
 * `settle.ts` makes of it. Durations are milliseconds, memory sizes are bytes. What is optional here has no default: it is not set.
 */
export interface Config extends ReturnType<typeof settle> {}

/** The same-site rule of a cookie. */
export type SameSite = Config["cookies"]["same_site"];

/** Secrets, newest first: the first one signs and seals, all of them verify and open. */
export type SecretsConfig = Config["secrets"];

/** How much a session must have proven before it may be used. */
export type RequiredAal = Config["session"]["whoami"]["required_aal"];
