/** A moment as the contract has it. Plain, since the message that `timestampFromDate` makes costs ten times as much, and most answers hold many. */
export function presentTime(moment: Date): { readonly seconds: bigint; readonly nanos: number } {
  const ms = moment.getTime();
  const seconds = Math.floor(ms / 1000);
  return { seconds: BigInt(seconds), nanos: (ms - seconds * 1000) * 1_000_000 };
}
