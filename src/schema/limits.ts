/** A schema that is not taken, and why. */
export class SchemaRefused extends Error {
  override readonly name = "SchemaRefused";
  /** Whether it could only not be fetched, and may be taken later. */
  readonly passing: boolean;

  constructor(message: string, { passing = false, ...options }: ErrorOptions & { passing?: boolean } = {}) {
    super(message, options);
    this.passing = passing;
  }
}

const deepest = 32;
const mostKeys = 1024;
const mostItems = 128;
const mostNodes = 8192;

/** Refuses documents that are made to be slow: by depth, breadth or size. */
export function assertWithinLimits(document: unknown): void {
  let level: unknown[] = [document];
  let nodes = 0;
  for (let depth = 0; level.length; depth++) {
    if (depth > deepest) throw new SchemaRefused(`The schema is nested more than ${deepest} deep.`);
    nodes += level.length;
    if (nodes > mostNodes) throw new SchemaRefused(`The schema has more than ${mostNodes} parts.`);
    level = level.flatMap(partsOf);
  }
}

function partsOf(node: unknown): unknown[] {
  if (Array.isArray(node)) {
    if (node.length > mostItems) throw new SchemaRefused(`A list has more than ${mostItems} items.`);
    return node;
  }
  if (!isObject(node)) return [];
  const parts = Object.values(node);
  if (parts.length > mostKeys) throw new SchemaRefused(`An object has more than ${mostKeys} keys.`);
  return parts;
}

/** Whether a value is a JSON object. */
export const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);
