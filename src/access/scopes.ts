/** Whether what is held stands for a scope: by its name, by either half of it, or by everything. */
export const holds = (held: readonly string[], scope: string): boolean =>
  held.some((pattern) => covers(pattern, scope));

function covers(pattern: string, scope: string): boolean {
  if (pattern === "*" || pattern === scope) return true;
  const [area, deed] = pattern.split(".");
  const [ofArea, ofDeed] = scope.split(".");
  return (area === "*" && deed === ofDeed) || (deed === "*" && area === ofArea);
}

/** The scopes of the contract that what is held stands for. */
export const expand = (held: readonly string[], known: readonly string[]): string[] =>
  known.filter((scope) => holds(held, scope));

/** Those of the scopes that stand for nothing in the contract. */
export const unknownScopes = (wanted: readonly string[], known: readonly string[]): string[] =>
  wanted.filter((pattern) => !known.some((scope) => covers(pattern, scope)));

/**
 * Those of the scopes that go beyond what is held. A pattern goes as far as all scopes there will ever be, so that it has to be
 * held as such, or as a wider one.
 */
export const beyond = (wanted: readonly string[], held: readonly string[]): string[] =>
  wanted.filter((pattern) => !held.some((own) => own === pattern || own === "*" || isWithin(pattern, own)));

function isWithin(pattern: string, own: string): boolean {
  return !pattern.includes("*") && covers(own, pattern);
}
