import { X509Certificate } from "node:crypto";
import { isIP } from "node:net";
import type { DoctorFinding } from "./finding.ts";
import { fine } from "./finding.ts";

const aspect = "certificates";
const dayMs = 86_400_000;

/** Whether a certificate is good for an address, and for how long. */
export function judgeCertificate(
  port: "public" | "admin",
  pem: Buffer,
  { baseUrl, now }: { readonly baseUrl: string; readonly now: Date },
): DoctorFinding[] {
  const where = `serve.${port}.tls.cert`;
  const certificate = new X509Certificate(pem);
  const days = Math.floor((Date.parse(certificate.validTo) - now.getTime()) / dayMs);
  const { hostname } = new URL(baseUrl);
  const name = hostname.replace(/^\[|\]$/g, "");
  const findings: DoctorFinding[] = [];
  const names = isIP(name) ? certificate.checkIP(name) : certificate.checkHost(name);
  if (!names)
    findings.push({
      aspect,
      severity: "error",
      where,
      reason: `The certificate is not for ${name} (serve.${port}.base_url), but for ${certificate.subjectAltName ?? certificate.subject}.`,
      cure: "Get one that names this host.",
    });
  if (days < 0 || days < 14)
    findings.push({
      aspect,
      severity: days < 0 ? "error" : "warning",
      where,
      reason:
        days < 0 ? `The certificate ran out on ${certificate.validTo}.` : `The certificate runs out in ${days} days.`,
      cure: "Renew it: a changed file takes effect at once.",
    });
  return findings.length ? findings : [fine(aspect, `The certificate of the ${port} port is good for ${days} days.`)];
}
