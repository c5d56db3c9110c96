import type { Context } from "../context.ts";

/** Sends a browser on, by an address that nobody is to keep: it may hold a code. Everybody else is told where that leads. */
export function sendBrowser({ call }: Context, redirectBrowserTo: string): { redirectBrowserTo: string } {
  call.reply.redirect = redirectBrowserTo;
  call.reply.headers.set("cache-control", "no-store");
  call.reply.headers.set("referrer-policy", "no-referrer");
  return { redirectBrowserTo };
}
