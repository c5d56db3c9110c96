import type { Config } from "../config/config.ts";
import { fitsOrigin } from "../config/wildcard.ts";
import type { DoctorFinding } from "./finding.ts";
import { pagesOf } from "./hosts.ts";

const aspect = "cors";

/** Whether scripts of pages elsewhere may call. */
export function judgeCors(config: Config): DoctorFinding[] {
  const { cors, base_url } = config.serve.public;
  const home = new URL(base_url).origin;
  const origins = [...new Set(pagesOf(config).map(([, url]) => url.origin))].filter((origin) => origin !== home);
  const where = "serve.public.cors";
  if (!cors.enabled)
    return origins.length
      ? [
          {
            aspect,
            severity: "note",
            where: `${where}.enabled`,
            reason: `It is off: scripts of ${origins.join(", ")} cannot call (plain forms and servers can).`,
            cure: "Switch it on and list the origins of single-page apps.",
          },
        ]
      : [];
  const findings: DoctorFinding[] = [];
  const missing = origins.filter((origin) => !cors.allowed_origins.some((pattern) => fitsOrigin(pattern, origin)));
  if (missing.length)
    findings.push({
      aspect,
      severity: "warning",
      where: `${where}.allowed_origins`,
      reason: `Scripts of ${missing.join(", ")}, where pages are, may not call.`,
      cure: "List these origins, each with its scheme and port.",
    });
  if (cors.allowed_origins.includes("*"))
    findings.push({
      aspect,
      severity: config.dev ? "note" : "warning",
      where: `${where}.allowed_origins`,
      reason: "The asterisk lets pages of everybody call, without cookies.",
      cure: "List the origins of your own apps.",
    });
  if (!cors.allow_credentials && origins.length)
    findings.push({
      aspect,
      severity: "warning",
      where: `${where}.allow_credentials`,
      reason: "It is off: calls of other origins come without cookies, so that nobody is signed in there.",
      cure: "Switch it on.",
    });
  return findings;
}
