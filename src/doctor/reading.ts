import type { Reading } from "../config/load.ts";
import type { DoctorFinding } from "./finding.ts";

type Told = Partial<Omit<Reading & { kind: "read" }, "kind" | "config">>;

/** What the doctor judges by itself, with a cure. */
const judgedElsewhere =
  /^(secrets|serve|hashers|courier)\.|courier\.(smtp\.connection_uri|http\.request_config): is not set/;

/** Whoever develops knows that they do. */
const isMeant = (reason: string): boolean => reason.startsWith("development mode is on");

/** What reading the configuration has told. */
export function judgeReading({ warnings = [], insecure = [], later = [], deprecated = [] }: Told): DoctorFinding[] {
  const aspect = "configuration";
  const remarks = [...warnings, ...insecure].filter((reason) => !judgedElsewhere.test(reason));
  return [
    ...remarks.map((reason): DoctorFinding => ({ aspect, severity: isMeant(reason) ? "note" : "warning", reason })),
    ...later.map((where): DoctorFinding => ({
      aspect,
      severity: "warning",
      reason: "This key has no effect yet.",
      where,
      cure: "Remove it, or do without what it stands for.",
    })),
    ...deprecated.map((where): DoctorFinding => ({
      aspect,
      severity: "note",
      reason: "This key is deprecated.",
      where,
      cure: "docs/reference/config.md says what takes its place.",
    })),
  ];
}
