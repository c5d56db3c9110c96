import type { Session } from "./session.ts";

/** In this order, since most browsers name others as well. */
const browsers: readonly (readonly [string, RegExp])[] = [
  ["Edge", /\bEdg(?:A|iOS)?\//],
  ["Opera", /\bOPR\//],
  ["Samsung Internet", /\bSamsungBrowser\//],
  ["Firefox", /\b(?:Firefox|FxiOS)\//],
  ["Chrome", /(?:Chrome|CriOS)\//],
  ["Safari", /\bSafari\//],
  ["curl", /^curl\//],
];

const systems: readonly (readonly [string, RegExp])[] = [
  ["iPhone", /\biPhone\b/],
  ["iPad", /\biPad\b/],
  ["Android", /\bAndroid\b/],
  ["Windows", /\bWindows\b/],
  ["macOS", /\bMac OS X\b/],
  ["ChromeOS", /\bCrOS\b/],
  ["Linux", /\bLinux\b/],
];

/** What people know a device by: "Firefox · Linux"; undefined where it says nothing of itself that is known. */
export function deviceName({ devices }: Session): string | undefined {
  const agent = devices?.at(-1)?.user_agent ?? "";
  const find = (known: typeof browsers) => known.find(([, pattern]) => pattern.test(agent))?.[0];
  return [find(browsers), find(systems)].filter(Boolean).join(" · ") || undefined;
}
