import type { Config } from "../config/config.ts";
import { type DoctorFinding, fine } from "./finding.ts";
import { isLoopback } from "./sites.ts";

const aspect = "ports";

/** Who can reach what. */
export function judgePorts({ serve, dev }: Config): DoctorFinding[] {
  const findings: DoctorFinding[] = [];
  if (behindProxy(serve) && serve.trusted_proxies.networks === undefined)
    findings.push({
      aspect,
      severity: "note",
      where: "serve.trusted_proxies.networks",
      reason: "A proxy seems to stand in front, and is not named: all clients look like one, and share its limits.",
      cure: "Name the proxy's address or network; an empty list says that there is none.",
    });
  const { authentication, base_url: adminUrl, tls } = serve.admin;
  if (authentication.required) {
    findings.push(fine(aspect, "The admin API asks for a credential."));
    if (!isLoopback(serve.admin.host) && !tls && !adminUrl.startsWith("https:"))
      findings.push({
        aspect,
        severity: dev ? "note" : "warning",
        where: "serve.admin.tls",
        reason: `The admin API listens on ${serve.admin.host} without TLS: keys travel in the clear.`,
        cure: "Set serve.admin.tls, or let a proxy in front end TLS and say so by serve.admin.base_url.",
      });
  } else if (isLoopback(serve.admin.host))
    findings.push(fine(aspect, "The admin API is reached from this machine alone."));
  else
    findings.push({
      aspect,
      severity: dev ? "warning" : "error",
      where: "serve.admin.host",
      reason: `The admin API listens on ${serve.admin.host}, and asks nobody who they are: whoever reaches the port is an administrator.`,
      cure: "Set it to 127.0.0.1, or serve.admin.authentication.required to true (ostiary api-keys create makes keys).",
    });
  return findings;
}

const behindProxy = ({ public: { base_url, tls } }: Config["serve"]): boolean => base_url.startsWith("https:") && !tls;
