import type { Config } from "../config/config.ts";
import type { DoctorFinding } from "./finding.ts";
import { pagesOf } from "./hosts.ts";
import { isLoopback } from "./sites.ts";

const aspect = "passkeys";

/** Whether authenticators will make keys for the pages that ask for them (WebAuthn, 5.1.2: the id is the page's domain or one above it). */
export function judgeKeys(config: Config): DoctorFinding[] {
  const { passkey, webauthn } = config.selfservice.methods;
  const parties = [
    ["selfservice.methods.passkey.config.rp", passkey.enabled ? passkey.config.rp : undefined],
    ["selfservice.methods.webauthn.config.rp", webauthn.enabled ? webauthn.config.rp : undefined],
  ] as const;
  return parties.flatMap(([where, rp]): DoctorFinding[] => {
    if (!rp?.id) return [];
    const id = rp.id.toLowerCase();
    const below = (host: string) => host === id || host.endsWith(`.${id}`);
    const pages = pagesOf(config).map(([, url]) => url);
    const stray = pages.find(({ hostname }) => !below(hostname));
    const findings: DoctorFinding[] = [];
    if (stray)
      findings.push({
        aspect,
        severity: "error",
        where: `${where}.id`,
        reason: `Browsers make no keys for ${id} on pages of ${stray.hostname}.`,
        cure: `Name ${stray.hostname}, or a domain above it.`,
      });
    const bare = pages.find(({ protocol, hostname }) => protocol === "http:" && !isLoopback(hostname));
    if (bare)
      findings.push({
        aspect,
        severity: "error",
        where,
        reason: `${bare.origin} is no secure context: browsers offer no keys there.`,
        cure: "Serve the pages by https.",
      });
    return findings;
  });
}
