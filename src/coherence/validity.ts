/** Tells whether what was read at one time still counts. */
export interface Validity {
  /** The generation in which something is read: to be taken before the question is sent. */
  generation(): number;
  /** Says that all that was read about a subject before this does not count any more. */
  invalidate(subject: string): void;
  /** Says that nothing about a subject counts until it is settled as often as this was said. */
  doubt(subject: string): void;
  /** Ends a doubt: what is read about the subject from now on counts, and nothing from before this. */
  settle(subject: string): void;
  /** Says that nothing that was read before this counts any more. */
  invalidateAll(): void;
  /** Whether what was read about some subjects in a generation still counts. */
  counts(generation: number, subjects: readonly string[]): boolean;
  /** How often something was invalidated. */
  readonly count: number;
}

/**
 * How many subjects are known one by one: half a megabyte of ids. What was read more invalidations ago does not count any more, whoever
 * they were of: where 100 sessions end in a second, an entry lasts for 40 s. That is less than the minute which it may last at most, so
 * that more would hardly be of use.
 */
const mostMarks = 4096;

/**
 * Numbers invalidations. An entry has the number that was the last before its question was sent, so that it does not matter when
 * the answer comes: one that an invalidation has overtaken is older than that, whether it is kept before or after it.
 */
export function createValidity(): Validity {
  let generation = 0;
  let floor = 0;
  // In their order, since each number is higher than all before it.
  const marks = new Map<string, number>();
  const doubts = new Map<string, number>();

  function invalidateAll(): void {
    floor = ++generation;
    marks.clear();
  }

  function invalidate(subject: string): void {
    marks.delete(subject);
    if (marks.size >= mostMarks) forgetOldest();
    marks.set(subject, ++generation);
  }

  /** Keeps memory bounded: what the oldest mark spoke of is as old as that, and does not count any more, whatever it is about. */
  function forgetOldest(): void {
    const [subject, marked] = marks.entries().next().value!;
    floor = marked;
    marks.delete(subject);
  }

  return {
    generation: () => generation,
    invalidate,
    doubt: (subject) => void doubts.set(subject, (doubts.get(subject) ?? 0) + 1),
    settle(subject) {
      const left = (doubts.get(subject) ?? 1) - 1;
      if (left > 0) doubts.set(subject, left);
      else doubts.delete(subject);
      invalidate(subject);
    },
    invalidateAll,
    counts: (of, subjects) =>
      of >= floor && subjects.every((subject) => (marks.get(subject) ?? 0) <= of && !doubts.has(subject)),
    get count() {
      return generation;
    },
  };
}
