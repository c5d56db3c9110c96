import { JsonnetError } from "./error.ts";

/** What a program may take. Programs are given by who runs the server, but fed by strangers. */
export interface Limits {
  /** Steps: an expression is one, and so are an item that is looked at and sixteen characters that are made. */
  readonly steps: number;
  /** How many expressions may wait for one another. */
  readonly depth: number;
}

/** Some 100 ms of work, and a depth that the stack of the machine bears. */
export const defaultLimits: Limits = { steps: 1_000_000, depth: 1_500 };

/** Counts what a run takes, and ends it where it takes more than it may. */
export class Budget {
  #steps: number;
  #depth: number;

  constructor({ steps, depth }: Limits) {
    this.#steps = steps;
    this.#depth = depth;
  }

  /** Call it before the work, so that a huge text or list is refused before it is made. */
  charge(steps: number): void {
    this.#steps -= steps;
    if (!(this.#steps >= 0)) throw new JsonnetError("limit", "the program takes too many steps");
  }

  /** Looking for one text in another may cost the product of their lengths. */
  chargeSearch(wanted: string, text: string): void {
    this.charge(1 + text.length / 4 + (text.length * wanted.length) / 1024);
  }

  enter(): void {
    if (--this.#depth < 0) throw new JsonnetError("limit", "the program goes too deep: does something contain itself?");
  }

  leave(): void {
    this.#depth++;
  }

  /** Does what looks at the inside of something. */
  deeper<Result>(work: () => Result): Result {
    this.enter();
    try {
      return work();
    } finally {
      this.leave();
    }
  }
}
