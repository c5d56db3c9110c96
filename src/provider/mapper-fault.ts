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

/** That a mapper cannot be read, fails, takes too much, or makes what no identity can be. */
export class MapperFault extends Error {
  override readonly name = "MapperFault";
  readonly reason: MapperReason;
  /** Left out where the fault has no place: the outcome as a whole does not fit. */
  readonly place: MapperPlace | undefined;

  constructor(reason: MapperReason, message: string, { place, cause }: { place?: MapperPlace; cause?: unknown } = {}) {
    super(message, { cause });
    this.reason = reason;
    this.place = place;
  }
}
