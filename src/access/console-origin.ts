import type { Config } from "../config/config.ts";

const local = ["localhost", "127.0.0.1", "[::1]"];

/**
 * The address, with a slash at its end, under which a browser has opened the console, if it may be sent back there with a code: at
 * the origin of `serve.admin.base_url`, one of `console.origins`, or this machine where nobody has said how the admin API is
 * reached. Else the first of these: whoever chose the address would choose who gets the code.
 */
export function consoleAddress({ serve, console }: Config, called: string): string {
  const { base_url: own, derived } = serve.admin;
  const { origin, port, protocol } = new URL(called);
  const here = derived ? local.map((host) => `${protocol}//${host}${port && `:${port}`}`) : [];
  const others = [...console.origins.map((one) => new URL(one).origin), ...here];
  return origin !== new URL(own).origin && others.includes(origin) ? `${origin}/` : own;
}

/** The path of the console to come back to; its first page where something else is asked for. */
export function consolePath(asked: string): string {
  const home = "/console/";
  if (!/^\/console(?:[/?#]|$)/.test(asked) || asked.includes("\\")) return home;
  const { host, pathname, search, hash } = new URL(asked, "http://console.invalid");
  const below = host === "console.invalid" && /^\/console(?:\/|$)/.test(pathname);
  return below ? pathname + search + hash : home;
}
