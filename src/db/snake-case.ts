const known = new Map<string, string>();

/** The name of a column for the name of a property. */
export function snakeCase(property: string): string {
  let name = known.get(property);
  if (name === undefined)
    known.set(property, (name = property.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)));
  return name;
}
