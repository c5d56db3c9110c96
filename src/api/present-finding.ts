import { FindingSeverity } from "#gen/ostiary/type/v1/finding_pb.js";
import type { Severity } from "../explain/finding.ts";

const severities: Readonly<Record<Severity, FindingSeverity>> = {
  ok: FindingSeverity.OK,
  note: FindingSeverity.NOTE,
  warning: FindingSeverity.WARNING,
  error: FindingSeverity.ERROR,
};

/** How much a finding matters, as the contract has it. */
export const presentSeverity = (severity: Severity): FindingSeverity => severities[severity];
