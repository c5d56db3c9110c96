const codes = new Set([
  ...[
    "ECONNREFUSED",
    "ECONNRESET",
    "ECONNABORTED",
    "EPIPE",
    "ETIMEDOUT",
    "EHOSTUNREACH",
    "EHOSTDOWN",
    "ENETUNREACH",
    "ENETDOWN",
    "ENOTFOUND",
    "EAI_AGAIN",
  ],
  // The mail library's own.
  ...["ECONNECTION", "ESOCKET", "EDNS", "ETLS", "EAUTH"],
]);

/** Whether an attempt failed before the next station had looked at the message: any other message would have fared alike. */
export function isUnreachable(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  return error.name === "CallTimedOut" || codes.has((error as { code?: string }).code ?? "");
}
