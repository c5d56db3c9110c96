import type { CredentialKind, Factor } from "./kind.ts";

const holds: Factor["holds"] = ({ identifiers }) => identifiers.length > 0;

/** One-time codes: nothing but the addresses to which they are sent. */
export const code: CredentialKind = {
  first: { holds, offered: ({ code: { passwordless_enabled: alone } }) => alone },
  second: { holds, offered: ({ code: { passwordless_enabled: alone, mfa_enabled: second } }) => second && !alone },
  naming: {
    from: "traits",
    names: (named) => named.code.map(({ value }) => value),
    stores: (named) => ({ addresses: named.code.map(({ via, value }) => ({ channel: via, address: value })) }),
  },
};
