/** Whether a pattern's asterisk lets in whole domains of strangers, as in `https://*` and `https://*.com`. */
export function isUnsafeWildcard(pattern: string): boolean {
  const star = pattern.indexOf("*");
  // The asterisk alone is a setting of its own, which lets no cookies through.
  if (star < 0 || pattern === "*") return false;
  const domain = /^\.?([^/:]*)/.exec(pattern.slice(star + 1))?.[1] ?? "";
  return domain !== "localhost" && !domain.includes(".");
}
