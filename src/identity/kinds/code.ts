import { viaOf } from "../../schema/normalise.ts";
import type { CredentialContent, CredentialKind, Factor } from "./kind.ts";

const holds: Factor["holds"] = ({ identifiers }) => identifiers.length > 0;

/** One-time codes: nothing but the addresses to which they are sent. */
export const code: CredentialKind = {
  first: { holds, offered: ({ code: { passwordless_enabled: alone } }) => alone },
  second: {
    holds,
    ways: channelsOf,
    offered: ({ code: { passwordless_enabled: alone, mfa_enabled: second, mfa_channels: channels } }, way) =>
      second && !alone && channels.some((channel) => channel === way),
    comesAlong: true,
  },
  naming: {
    from: "traits",
    names: (named) => named.code.map(({ value }) => value),
    stores: (named) => ({ addresses: named.code.map(({ via, value }) => ({ channel: via, address: value })) }),
  },
};

/** How codes can travel to an account. */
function channelsOf({ config, identifiers }: CredentialContent): string[] {
  const { addresses } = config as { readonly addresses?: readonly { readonly channel: string }[] };
  return [...new Set(addresses ? addresses.map(({ channel }) => channel) : identifiers.map(viaOf))];
}
