/** Tells whether what was read at one time still counts. */
export interface Validity {
  /** The generation in which something is read: to be taken before the question is sent. */
  generation(): number;
  /** Says that all that was read about a subject before this does not count any more. */
  invalidate(subject: string): void;
  /** Says that nothing that was read before this counts any more. */
  invalidateAll(): void;
  /** Whether what was read about some subjects in a generation still counts. */
  counts(generation: number, subjects: readonly string[]): boolean;
  /** How often something was invalidated. */
  readonly count: number;
}

const mostMarks = 4096;

/**
 * Numbers invalidations. An entry has the number that was the last before its question was sent, so that it does not matter when
 * the answer comes: one that an invalidation has overtaken is older than that, whether it is kept before or after it.
 */
export function createValidity(): Validity {
  let generation = 0;
  let floor = 0;
  const marks = new Map<string, number>();

  function invalidateAll(): void {
    floor = ++generation;
    marks.clear();
  }

  return {
    generation: () => generation,
    invalidate(subject) {
      // To forget everything keeps memory bounded, and nothing wrong is ever said.
      if (marks.size >= mostMarks) return invalidateAll();
      marks.set(subject, ++generation);
    },
    invalidateAll,
    counts: (of, subjects) => of >= floor && subjects.every((subject) => (marks.get(subject) ?? 0) <= of),
    get count() {
      return generation;
    },
  };
}
