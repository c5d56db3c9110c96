import type { Config } from "../config/config.ts";
import { type DoctorFinding, fine } from "./finding.ts";

const aspect = "secrets";
const published = /(?:PLEASE-CHANGE-ME|VERY-INSECURE|NOT-SECURE-AT-ALL|example|changeme|secret-of-|password)/i;
const kinds = ["default", "cookie", "pagination", "cipher"] as const;
const makeOne = (kind: string): string => `Make one with: openssl rand -hex ${kind === "cipher" ? 16 : 32}`;

/** Whether secrets are there, and as hard to guess as they have to be. `spare` is the one that a start makes up. */
export function judgeSecrets({ secrets, ciphers, selfservice, dev }: Config, spare: string): DoctorFinding[] {
  const findings: DoctorFinding[] = [];
  if (secrets.cookie.includes(spare))
    findings.push({
      aspect,
      severity: dev ? "note" : "error",
      where: "secrets.cookie",
      reason: "It is not set: each start makes one up, and everybody is signed out by the next.",
      cure: makeOne("cookie"),
    });
  for (const kind of kinds)
    for (const [at, secret] of secrets[kind].entries()) {
      const weakness = secret === spare ? undefined : weaknessOf(secret);
      if (!weakness || findings.some(({ reason }) => reason === weakness)) continue;
      const severity = dev ? "warning" : "error";
      findings.push({ aspect, severity, where: `secrets.${kind}[${at}]`, reason: weakness, cure: makeOne(kind) });
    }
  const { oidc, totp, lookup_secret: codes } = selfservice.methods;
  const sealing = { oidc, totp, lookup_secret: codes };
  const sealed = Object.entries(sealing).filter(([, { enabled }]) => enabled);
  if (sealed.length && secrets.cipher.length === 0)
    findings.push({
      aspect,
      severity: "note",
      where: "secrets.cipher",
      reason: `It is not set: what ${sealed.map(([name]) => name).join(", ")} stores is sealed by a key that is made of another secret.`,
      cure: `${makeOne("cipher")} (32 characters), and set ciphers.algorithm (${ciphers.algorithm}) to xchacha20-poly1305.`,
    });
  return findings.length ? findings : [fine(aspect, "Secrets are set, and long enough.")];
}

function weaknessOf(secret: string): string | undefined {
  if (published.test(secret))
    return "It looks like an example that others know: whoever knows it can sign in as anybody.";
  if (secret.length < 32) return "It is shorter than 32 characters.";
  if (new Set(secret).size < 8) return "It is made of a few characters again and again.";
  return undefined;
}
