/** How much a finding matters. */
export type Severity = "ok" | "note" | "warning" | "error";

/** Something that was found out, and what to do about it. */
export interface Finding {
  /** What it is about. */
  readonly aspect: string;
  readonly severity: Severity;
  /** What was found, in a sentence. */
  readonly reason: string;
  readonly cure?: string;
}

const order: readonly Severity[] = ["error", "warning", "note", "ok"];

/** Findings, those first that matter most. */
export const worstFirst = <F extends Pick<Finding, "severity">>(findings: readonly F[]): F[] =>
  findings.toSorted((one, other) => order.indexOf(one.severity) - order.indexOf(other.severity));
