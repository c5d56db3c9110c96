const steps: readonly (readonly [seconds: number, unit: Intl.RelativeTimeFormatUnit])[] = [
  [60, "second"],
  [3600, "minute"],
  [86_400, "hour"],
  [86_400 * 30, "day"],
  [86_400 * 365, "month"],
  [Infinity, "year"],
];
const relative = new Intl.RelativeTimeFormat("en", { numeric: "auto" });
const exact = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "medium" });

/** How long ago, or in how long, in words. */
export function fromNow(time: string, now = Date.now()): string {
  const seconds = Math.round((Date.parse(time) - now) / 1000);
  if (Math.abs(seconds) < 5) return "just now";
  let size = 1;
  for (const [upTo, unit] of steps) {
    if (Math.abs(seconds) < upTo) return relative.format(Math.round(seconds / size), unit);
    size = upTo;
  }
  return time;
}

/** A moment: how long ago, with the exact time at hand. */
export const Time = ({ value }: { value: string | undefined | null }) =>
  value ? (
    <time dateTime={value} title={exact.format(new Date(value))}>
      {fromNow(value)}
    </time>
  ) : (
    <span class="muted">never</span>
  );

/** A moment in full. */
export const ExactTime = ({ value }: { value: string | undefined | null }) =>
  value ? (
    <time dateTime={value} title={fromNow(value)}>
      {exact.format(new Date(value))}
    </time>
  ) : (
    <span class="muted">never</span>
  );
