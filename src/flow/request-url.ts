import type { Context } from "../context.ts";

/** The URL of a call as the client wrote it, but for the token of an invitation: what is kept of it, and told to hooks, lets nobody in. */
export function requestUrlOf({ call }: Pick<Context, "call">): string {
  if (!/[?&]invitation=/.test(call.url)) return call.url;
  const url = new URL(call.url);
  url.searchParams.delete("invitation");
  return url.href;
}
