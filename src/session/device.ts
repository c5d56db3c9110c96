import type { Context } from "../context.ts";
import { clientAddress } from "../server/client-address.ts";

const longestUserAgent = 512;

/** Where a session was opened from, as far as the request tells. */
export interface Device {
  readonly ipAddress: string;
  readonly userAgent: string;
  readonly location: string;
}

/** Describes the device behind a call. */
export function describeDevice(ctx: Context): Device {
  const { headers } = ctx.call;
  const place = [headers.get("cf-ipcity"), headers.get("cf-ipcountry")].filter(Boolean);
  return {
    ipAddress: clientAddress(ctx),
    userAgent: (headers.get("user-agent") ?? "").slice(0, longestUserAgent),
    location: place.join(", ").slice(0, longestUserAgent),
  };
}
