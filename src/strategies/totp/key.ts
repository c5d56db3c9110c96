import { onFirstUse } from "../../on-first-use.ts";

const otp = onFirstUse<typeof import("otplib")>("otplib");

/** What a code is computed by, as an `otpauth://totp/` address says it (the format of Google Authenticator's key URIs). */
interface Parameters {
  readonly secret: string;
  readonly algorithm: "sha1" | "sha256" | "sha512";
  readonly digits: 6 | 7 | 8;
  /** In seconds. */
  readonly period: number;
}

// Keys that were made elsewhere may be of 80 bits; ours have 160.
const guardrails = () => otp().createGuardrails({ MIN_SECRET_BYTES: 10 });

/** What apps show of a name, and a picture can hold, whatever it is written in. */
const longestName = 64;

const shown = (name: string): string => [...name].slice(0, longestName).join("");

/** The address of a new key, for an app to scan. */
export const newKey = (issuer: string, label: string): string =>
  otp().generateURI({ issuer: shown(issuer), label: shown(label), secret: otp().generateSecret({ length: 20 }) });

/** The secret within a key's address, in Base32. */
export const secretOf = (url: string): string => parametersOf(url).secret;

/**
 * The time step whose code this is; undefined for a wrong code. The step before the present one is taken as well, since
 * typing takes time, but none after it, and none up to the one that was used last (RFC 6238, section 5.2).
 */
export function stepOf(url: string, code: string, now: Date, lastUsed: number | undefined): number | undefined {
  const { secret, algorithm, digits, period } = parametersOf(url);
  if (code.length !== digits || !/^\d+$/.test(code)) return undefined;
  const epoch = Math.floor(now.getTime() / 1000);
  const present = Math.floor(epoch / period);
  if (lastUsed !== undefined && lastUsed >= present) return undefined;
  const result = otp().verifySync({
    secret,
    token: code,
    algorithm,
    digits,
    period,
    epoch,
    epochTolerance: [period, 0],
    guardrails: guardrails(),
    ...(lastUsed !== undefined && { afterTimeStep: lastUsed }),
  });
  return result.valid ? present + result.delta : undefined;
}

function parametersOf(url: string): Parameters {
  const { searchParams } = new URL(url);
  const algorithm = (searchParams.get("algorithm") ?? "SHA1").toLowerCase().replace("-", "");
  return {
    secret: searchParams.get("secret") ?? "",
    algorithm: algorithm === "sha256" || algorithm === "sha512" ? algorithm : "sha1",
    digits: Number(searchParams.get("digits") ?? 6) as 6 | 7 | 8,
    period: Number(searchParams.get("period") ?? 30),
  };
}
