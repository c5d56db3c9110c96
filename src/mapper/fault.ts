/** What is wrong with a mapper or with what it has made, by the names of Kratos' test logins. */
export type MapperReason =
  | "evaluation_failed"
  | "invalid_output"
  | "invalid_traits"
  | "invalid_metadata_public"
  | "invalid_metadata_admin";

/** Where in a mapper something stands, counted from one. */
export interface MapperPlace {
  readonly line: number;
  readonly column: number;
}

/** What is said of a fault. */
export interface MapperFaultOptions {
  /** What the mapper does wrong: `cannot be read`, `fails`. */
  readonly says: string;
  readonly reason?: string;
  /** Left out where the fault has no place: the outcome as a whole does not fit. */
  readonly place?: MapperPlace;
  readonly cause?: unknown;
}

/** That a mapper cannot be read, fails, exceeded its limits, or makes what no identity can be. */
export class MapperFault extends Error {
  override readonly name = "MapperFault";
  readonly reason: MapperReason;
  readonly place: MapperPlace | undefined;

  constructor(reason: MapperReason, { says, reason: why, place, cause }: MapperFaultOptions) {
    const where = place ? ` at line ${place.line}, column ${place.column}` : "";
    super(`The mapper ${says}${where}${why ? `: ${why}` : ""}`, { cause });
    this.reason = reason;
    this.place = place;
  }
}
