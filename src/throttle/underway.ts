/** A guess that is being made, among all that count against the same budgets, in the order in which they came. */
export interface Entry {
  /** How many that came before are not counted yet. */
  ahead(id: string): number;
  /** Waits until one that came before is counted, or found right. */
  oneAheadLeaves(id: string): Promise<void>;
  /** That the guess is counted in the database now, or is not to be. */
  leave(ids?: readonly string[]): void;
}

interface Inside {
  readonly gone: Promise<void>;
  readonly go: () => void;
}

/** Guesses that are being made in this process and are not counted in the database yet. */
export class Underway {
  readonly #lines = new Map<string, Inside[]>();

  /** Enters a guess. Whatever came before is either ahead of it, or was written before anything that is read from now on. */
  enter(ids: readonly string[]): Entry {
    const places = new Map(ids.map((id) => [id, this.#stand(id)]));
    const before = (id: string): readonly Inside[] => {
      const line = this.#lines.get(id) ?? [];
      return line.slice(0, Math.max(0, line.indexOf(places.get(id)!)));
    };
    return {
      ahead: (id) => before(id).length,
      oneAheadLeaves: async (id) => {
        if (before(id).length > 0) await Promise.race(before(id).map(({ gone }) => gone));
      },
      leave: (some = ids) => some.forEach((id) => this.#leave(id, places.get(id)!)),
    };
  }

  #stand(id: string): Inside {
    const { promise: gone, resolve: go } = Promise.withResolvers<void>();
    const place = { gone, go };
    this.#lines.set(id, [...(this.#lines.get(id) ?? []), place]);
    return place;
  }

  #leave(id: string, place: Inside): void {
    const left = this.#lines.get(id)?.filter((one) => one !== place) ?? [];
    if (left.length > 0) this.#lines.set(id, left);
    else this.#lines.delete(id);
    place.go();
  }
}
