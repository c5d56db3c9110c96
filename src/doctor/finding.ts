import type { Finding } from "../explain/finding.ts";

/** What an examination has found: of a key of the configuration, where one is to be changed. */
export interface DoctorFinding extends Finding {
  /** The key, such as `serve.admin.host`. */
  readonly where?: string;
}

/** Tells that something is as it should be. */
export const fine = (aspect: string, reason: string): DoctorFinding => ({ aspect, severity: "ok", reason });
