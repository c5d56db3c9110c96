import type { Config } from "../config/config.ts";
import type { Principal } from "../principal.ts";
import type { ClientCertificate } from "../rest/client-certificate.ts";

type Listed = Config["serve"]["admin"]["authentication"]["certificates"][number];

/** Who a certificate stands for, by the configuration's list: a certificate that nobody has listed stands for nobody. */
export function certified(
  { serve }: Config,
  certificate: ClientCertificate | undefined,
  tenantId: string,
): Principal | undefined {
  if (!certificate) return undefined;
  const listed = serve.admin.authentication.certificates.find((one) => fits(one, certificate));
  return (
    listed && {
      kind: "certificate",
      name: listed.name,
      scopes: listed.scopes,
      tenantId: listed.tenant ?? tenantId,
      allTenants: listed.tenant === undefined,
    }
  );
}

function fits({ fingerprint, subject }: Listed, certificate: ClientCertificate): boolean {
  if (fingerprint !== undefined) return fingerprint.replaceAll(":", "").toLowerCase() === certificate.fingerprint;
  const wanted = subject!.split(/(?<!\\),\s*/);
  return wanted.toSorted().join("\n") === certificate.subject.toSorted().join("\n");
}
