/** Judges by the patterns of a subscription whether it is about a type of event; without any it is about all. */
export function typeFilter(patterns: readonly string[]): (type: string) => boolean {
  if (patterns.length === 0) return () => true;
  const exact = new Set(patterns.filter((pattern) => !pattern.includes("*")));
  const open = patterns.filter((pattern) => pattern.includes("*")).map(expressionOf);
  return (type) => exact.has(type) || open.some((expression) => expression.test(type));
}

const expressionOf = (pattern: string): RegExp => new RegExp(`^${pattern.replaceAll(/\*+/g, "[A-Za-z]*")}$`);

/** The patterns that no type fits which this server knows. */
export const unknownPatterns = (patterns: readonly string[], known: readonly string[]): string[] =>
  patterns.filter((pattern) => !known.some(typeFilter([pattern])));
