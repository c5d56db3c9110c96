import { catalogued, ErrorReason, Problem } from "../errors.ts";

/** The kind of an error, for its span: a reason of the catalogue, a code, or a class. Never its words, which may name people. */
export function errorTypeOf(error: unknown): string {
  if (error instanceof Problem) return ErrorReason[error.reason];
  if (!(error instanceof Error)) return "unknown";
  const { code } = error as { code?: unknown };
  return typeof code === "string" && /^\w{1,64}$/.test(code) ? code : error.name;
}

/** Whether an error is a failure, and no refusal that was to be expected. */
export const isFailure = (error: unknown): boolean =>
  !(error instanceof Problem) || catalogued(error.reason).httpStatus >= 500;
