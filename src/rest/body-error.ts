/** A body that cannot be read, and what to tell of it. */
export class BodyError extends Error {
  override readonly name = "BodyError";
  readonly kind: "malformed" | "unsupported" | "too-large";

  constructor(kind: BodyError["kind"], message: string) {
    super(message);
    this.kind = kind;
  }
}
