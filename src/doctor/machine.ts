import type { DoctorFinding } from "./finding.ts";
import { fine } from "./finding.ts";
import type { Machine } from "./hashing.ts";

const builtFor = 24;

/** Whether the program runs on what it was made for. */
export function judgeMachine({ node, poolSize, cores }: Machine): DoctorFinding[] {
  const major = Number(node.split(".")[0]);
  const findings: DoctorFinding[] =
    major === builtFor
      ? [fine("runtime", `Node ${node}.`)]
      : [
          {
            aspect: "runtime",
            severity: major < builtFor ? "error" : "warning",
            reason: `Node ${node} runs this; it is made and tested with ${builtFor}.`,
            cure: `Install the optional dependencies (npm install brings Node ${builtFor} along), or Node ${builtFor} itself.`,
          },
        ];
  if (poolSize < cores + 4)
    findings.push({
      aspect: "runtime",
      severity: "note",
      where: "UV_THREADPOOL_SIZE",
      reason: `${poolSize} threads: password hashing may delay other requests.`,
      cure: `Start by the command ostiary, which sets it, or set ${cores + 4}.`,
    });
  return findings;
}
