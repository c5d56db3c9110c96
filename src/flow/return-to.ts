import type { Context } from "../context.ts";
import { ErrorReason, problem } from "../errors.ts";

/** Refuses a `return_to` that leads somewhere the configuration does not name. */
export function assertReturnTo(ctx: Context, returnTo: string): void {
  if (!resolveReturnTo(ctx, returnTo))
    throw problem(ErrorReason.SELF_SERVICE_FLOW_RETURN_TO_FORBIDDEN, {
      reason: `The address ${JSON.stringify(returnTo)} is not an allowed return address.`,
    });
}

/** The absolute URL for an allowed `return_to`; undefined where it is not allowed. */
export function resolveReturnTo({ config }: Context, returnTo: string): string | undefined {
  const { default_browser_return_url: home, allowed_return_urls: allowed } = config.selfservice;
  const base = new URL(home, config.serve.public.base_url);
  if (!URL.canParse(returnTo, base)) return undefined;
  const target = new URL(returnTo, base);
  if (target.username || target.password) return undefined;
  const own = ["self-service/", ...(config.selfservice.pages.enabled ? ["ui/"] : [])];
  const ownUrls = own.map((path) => new URL(path, config.serve.public.base_url).href);
  const within = [...ownUrls, base.href, ...allowed].some((pattern) => matches(target, pattern, base));
  return within ? target.href : undefined;
}

/** Scheme equal, host equal or below a wildcard, path below the pattern's. */
function matches(target: URL, pattern: string, base: URL): boolean {
  // URL parsers do not take an asterisk in every host; a label in its place keeps the rest readable.
  const wildcard = /^([a-z][a-z0-9+.-]*:\/\/)\*\./i.exec(pattern);
  const concrete = wildcard ? pattern.replace("://*.", "://wildcard.") : pattern;
  if (!URL.canParse(concrete, base)) return false;
  const allowed = new URL(concrete, base);
  if (allowed.protocol !== target.protocol) return false;
  if (wildcard ? !belowWildcard(target, allowed) : allowed.host !== target.host) return false;
  return below(target.pathname || "/", allowed.pathname || "/");
}

function belowWildcard(target: URL, allowed: URL): boolean {
  // Wildcards as wide as *.com are not in the configuration any more, unless the operator insists on them.
  const suffix = allowed.host.slice("wildcard".length);
  return target.host.endsWith(suffix) && target.host.length > suffix.length;
}

const below = (path: string, prefix: string) => path.startsWith(prefix);

/** Where a browser goes when a flow is over: what was asked for, then the method's, the flow's, the global default. */
export function destination(
  ctx: Context,
  asked: string | null | undefined,
  ...fallbacks: (string | undefined)[]
): string {
  const { selfservice, serve } = ctx.config;
  return (
    chosenDestination(ctx, asked, ...fallbacks) ??
    new URL(selfservice.default_browser_return_url, serve.public.base_url).href
  );
}

/** The same, where neither the client nor the configuration of the flow need have chosen. */
export function chosenDestination(
  ctx: Context,
  asked: string | null | undefined,
  ...fallbacks: (string | undefined)[]
): string | undefined {
  return (asked ? resolveReturnTo(ctx, asked) : undefined) ?? fallbacks.find(Boolean);
}
