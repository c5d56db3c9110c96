/** What a template may take. Templates are given by who runs the server, but what they show may come from strangers. */
export interface Limits {
  /** Commands and turns of `range`. */
  readonly steps: number;
  /** How many templates may be called from within each other. */
  readonly depth: number;
  /** How long the outcome may be, in UTF-16 units. */
  readonly characters: number;
}

/** The limits of a template that is given no others. */
export const defaultLimits: Limits = { steps: 100_000, depth: 100, characters: 1_000_000 };
