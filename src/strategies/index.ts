import type { Method, Strategies, Strategy } from "../flow/strategy.ts";
import { code } from "./code/index.ts";
import { identifierFirst } from "./identifier-first/index.ts";
import { link } from "./link/index.ts";
import { lookupSecret } from "./lookup-secret/index.ts";
import { oidc } from "./oidc/index.ts";
import { passkey } from "./passkey/index.ts";
import { password } from "./password/index.ts";
import { profile } from "./profile/index.ts";
import { totp } from "./totp/index.ts";
import { webauthn } from "./webauthn/index.ts";

/**
 * The methods that are built, by the name of their arm in the contract, in the order in which a submission is offered to
 * them and in which forms show them before they are sorted.
 */
export const strategies = {
  profile,
  password,
  oidc,
  code,
  link,
  totp,
  webauthn,
  passkey,
  lookupSecret,
  identifierFirst,
} satisfies { readonly [M in Method]?: Strategy<M> } as Strategies;
