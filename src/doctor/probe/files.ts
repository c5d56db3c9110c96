import type { Config } from "../../config/config.ts";
import { faultsOfTemplates as faultsOfMessages } from "../../courier/own-templates.ts";
import { faultsOfPrograms } from "../../hooks/programs.ts";
import type { Log } from "../../log.ts";
import { faultsOfSchemas } from "../../schema/schemas.ts";
import { readTls } from "../../server/tls-pair.ts";
import { faultsOfTemplates as faultsOfTokens } from "../../session/jwt/check-templates.ts";
import { errorMessage } from "../../text/error-message.ts";
import { judgeCertificate } from "../certificates.ts";
import { type DoctorFinding, fine } from "../finding.ts";

const aspect = "files";

/** Whether schemas, templates, programs and certificates can be read, and are what they should be. */
export async function probeFiles(config: Config, log: Log, now: Date): Promise<DoctorFinding[]> {
  const schemas = (await faultsOfSchemas({ config, log })).map(({ sentence }) => sentence);
  const others = await Promise.all([
    faultsOfMessages({ config, log }),
    faultsOfPrograms(config),
    faultsOfTokens(config),
  ]);
  const faults = [...schemas, ...others.flat()].map((reason): DoctorFinding => ({
    aspect,
    severity: "error",
    reason,
    cure: "Mend the document, or the key that names it.",
  }));
  const certificates = (["public", "admin"] as const).flatMap((port) => probeCertificate(config, port, now));
  if (faults.length) return [...faults, ...certificates];
  return [fine(aspect, "Schemas, templates and programs can be used."), ...certificates];
}

function probeCertificate({ serve }: Config, port: "public" | "admin", now: Date): DoctorFinding[] {
  const { tls, base_url: baseUrl } = serve[port];
  if (!tls) return [];
  try {
    return judgeCertificate(port, readTls(port, tls).cert, { baseUrl, now });
  } catch (error) {
    return [{ aspect: "certificates", severity: "error", where: `serve.${port}.tls`, reason: errorMessage(error) }];
  }
}
