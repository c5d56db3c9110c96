/** Where in a program something stands, counted from one. */
export interface Place {
  readonly line: number;
  readonly column: number;
}

/**
 * A program that cannot be read, fails while it runs, or takes too much. `message` begins with the place, as far as there
 * is one; `reason` is without it: what the program itself gave to `error`, for instance.
 */
export class JsonnetError extends Error {
  override readonly name = "JsonnetError";
  readonly kind: "syntax" | "runtime" | "limit";
  readonly reason: string;
  readonly place: Place | undefined;

  constructor(kind: JsonnetError["kind"], reason: string, place?: Place) {
    super(place ? `${place.line}:${place.column}: ${reason}` : reason);
    this.kind = kind;
    this.reason = reason;
    this.place = place;
  }
}

/** Fails a running program. */
export function fail(reason: string, place?: Place): never {
  throw new JsonnetError("runtime", reason, place);
}
