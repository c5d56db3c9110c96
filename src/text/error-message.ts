/** What went wrong, and the driver's word on why: an operator can do little with the first alone. */
export function errorMessage(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const why = reasonOf(error.cause);
  return why
    ? `${error.message.replace(/\.$/, "")}: ${why}`
    : error.message || String((error as NodeJS.ErrnoException).code);
}

/** What the innermost cause says; some of Node's have a code alone. */
function reasonOf(cause: unknown): string | undefined {
  if (!(cause instanceof Error)) return undefined;
  return reasonOf(cause.cause) ?? (cause.message || (cause as NodeJS.ErrnoException).code);
}

/** Whether an error tells of a fault in the program, and not in its surroundings: then its stack is worth more than its words. */
export const isProgrammingError = (error: unknown): boolean =>
  error instanceof TypeError ||
  error instanceof ReferenceError ||
  error instanceof RangeError ||
  error instanceof SyntaxError;
