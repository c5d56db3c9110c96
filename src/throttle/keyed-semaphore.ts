/** A semaphore for each key, in this process: a few at a time go on with a thing, and the rest wait for their turn. */
export class KeyedSemaphore {
  readonly #few: number;
  readonly #lines = new Map<string, { running: number; readonly waiting: (() => void)[] }>();

  constructor(few: number) {
    this.#few = few;
  }

  /** Runs work when its turn has come. */
  async run<T>(thing: string, work: () => Promise<T>): Promise<T> {
    const line = this.#lines.get(thing) ?? { running: 0, waiting: [] };
    this.#lines.set(thing, line);
    // Whoever leaves hands the place on: it is never free in between.
    if (line.running >= this.#few) await new Promise<void>((next) => line.waiting.push(next));
    else line.running += 1;
    try {
      return await work();
    } finally {
      const next = line.waiting.shift();
      if (next) next();
      else if ((line.running -= 1) === 0) this.#lines.delete(thing);
    }
  }
}
