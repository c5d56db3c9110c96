import { forgetFactorGuesses, type GuessableFactor } from "../../throttle/second-factor-guess.ts";
import type { CredentialKind, CredentialConfig } from "./kind.ts";
import { refuse } from "./refuse.ts";

interface TotpImport {
  readonly totp_url: string;
}

const withUrl = (config: CredentialConfig, change: (url: string) => string): CredentialConfig =>
  typeof config["totp_url"] === "string" ? { ...config, totp_url: change(config["totp_url"]) } : config;

/** With two steps of a code valid at a time, guessing is hopeless. */
export const totpGuesses: GuessableFactor = { type: "totp", rate: { at_once: 5, per_hour: 25, in_a_row: 100 } };

/** The key of an authenticator app. */
export const totp: CredentialKind<TotpImport> = {
  version: 0,
  second: { holds: ({ config }) => typeof config["totp_url"] === "string", offered: (methods) => methods.totp.enabled },
  guessable: totpGuesses,
  secrets: { sealed: (config, { seal }) => withUrl(config, seal), opened: withUrl },
  importing: {
    store: ({ totp_url: url }, { identityId }) => ({ identifiers: [identityId], config: { totp_url: accepted(url) } }),
  },
  judge: ({ totp_url: url }) => void accepted(url),
  remove: () => undefined,
  changed: (tx, { identifiers: [identityId] }) =>
    identityId ? forgetFactorGuesses(tx, totpGuesses, identityId) : Promise.resolve(),
};

const parameters: readonly (readonly [name: string, usual: string, pattern: RegExp])[] = [
  ["secret", "", /^[a-z2-7]{16,102}=*$/i],
  ["algorithm", "SHA1", /^sha-?(1|256|512)$/i],
  ["digits", "6", /^[678]$/],
  ["period", "30", /^[1-9]\d{0,3}$/],
];

/** A key by which no code can be computed would show only when its owner signs in. */
function accepted(url: unknown): string {
  if (typeof url !== "string" || !url.startsWith("otpauth://totp/") || !URL.canParse(url))
    throw refuse("The TOTP key is not an otpauth://totp/ address.");
  const { searchParams } = new URL(url);
  const odd = parameters.find(([name, usual, pattern]) => !pattern.test(searchParams.get(name) ?? usual));
  if (odd) throw refuse(`The TOTP key's parameter ${odd[0]} is missing or invalid.`);
  return url;
}
