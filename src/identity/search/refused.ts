/** That a filter or an order cannot be understood: where, counted from one, and why. */
export class FilterRefused extends Error {
  override readonly name = "FilterRefused";
  readonly at: number;

  constructor(at: number, why: string) {
    super(why);
    this.at = at;
  }
}
