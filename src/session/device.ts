import type { Call } from "../context.ts";

const longestUserAgent = 512;

/** Where a session was opened from, as far as the request tells. */
export interface Device {
  readonly ipAddress: string;
  readonly userAgent: string;
  readonly location: string;
}

/** Describes the device behind a call; `call.peer` has already been resolved from the headers of trusted proxies. */
export function describeDevice({ headers, peer }: Call): Device {
  const place = [headers.get("cf-ipcity"), headers.get("cf-ipcountry")].filter(Boolean);
  return {
    ipAddress: clientAddress(headers) ?? peer,
    userAgent: (headers.get("user-agent") ?? "").slice(0, longestUserAgent),
    location: place.join(", ").slice(0, longestUserAgent),
  };
}

/** The client's address as proxies report it, in the order in which Kratos believes them. Shown, never trusted. */
function clientAddress(headers: Headers): string | undefined {
  const forwarded = headers.get("x-forwarded-for")?.split(",")[0];
  const reported = headers.get("true-client-ip") ?? headers.get("x-real-ip") ?? forwarded;
  const address = reported?.trim();
  return address && /^[0-9a-fA-F.:]{3,45}$/.test(address) ? address : undefined;
}
