import { JsonnetError } from "#jsonnet";
import type { JsonValue } from "@bufbuild/protobuf";
import type { WebHookConfig } from "../config/selfservice-config.ts";
import type { Context } from "../context.ts";
import { ErrorReason, problem } from "../errors.ts";
import type { HookEvent } from "../flow/hook.ts";
import { requestUrlOf } from "../flow/request-url.ts";
import { BodyUnfit, bodyAs } from "../outgoing/body.ts";
import { headersOf } from "../outgoing/headers.ts";
import { programOf, sourceAt } from "../outgoing/program.ts";
import { named } from "./web-hook-answer.ts";

/** Shows an event as REST does. */
export type Present = (ctx: Context, event: HookEvent) => Record<string, JsonValue>;

/** What a web hook sends: no text where the method has no body. */
export type Body = { readonly text?: string } | "cancelled";

/** The body of a web hook's call: what the operator's program makes of what has happened. `error 'cancel'` in it means: no call. */
export async function bodyOf(ctx: Context, hook: WebHookConfig, event: Record<string, JsonValue>): Promise<Body> {
  const told = { ...event, ...requestOf(ctx) };
  if (hook.method.toUpperCase() === "TRACE") return {};
  if (!hook.body) throw unusable(hook, "has no body: name a Jsonnet program");
  const program = await sourceAt(hook.body, ctx.config.clients).catch((cause: unknown) => {
    throw unusable(hook, "has a body that cannot be read", cause);
  });
  try {
    return {
      text: bodyAs(headersOf(hook)["content-type"], programOf(program).evaluate({ topLevelArguments: { ctx: told } })),
    };
  } catch (error) {
    if (error instanceof BodyUnfit) throw unusable(hook, error.message, error);
    if (!(error instanceof JsonnetError)) throw error;
    if (error.kind === "runtime" && error.reason === "cancel") return "cancelled";
    throw unusable(hook, `has a body that fails: ${error.message}`, error);
  }
}

/** What a hook is told of the request that led to it. */
function requestOf(ctx: Context) {
  const { call, config } = ctx;
  const allowed = config.clients.web_hook.header_allowlist.map((name) => name.toLowerCase());
  const headers = [...call.headers].filter(([name]) => allowed.includes(name.toLowerCase()));
  return {
    request_method: call.method,
    request_url: requestUrlOf(ctx),
    request_headers: Object.fromEntries(headers.map(([name, value]) => [canonical(name), [value]])),
    request_cookies: cookiesOf(call.headers.get("cookie")),
  };
}

/** As Go writes the names of headers. */
const canonical = (name: string): string => name.toLowerCase().replace(/(?:^|-)[a-z]/g, (start) => start.toUpperCase());

function cookiesOf(header: string | null): Record<string, string> {
  const pairs = (header ?? "").split(/; */).filter((pair) => pair.includes("="));
  return Object.fromEntries(pairs.map((pair) => [pair.slice(0, pair.indexOf("=")), pair.slice(pair.indexOf("=") + 1)]));
}

/** The error for a hook that is configured in a way that cannot work. */
export const unusable = (hook: WebHookConfig, why: string, cause?: unknown): Error =>
  problem(ErrorReason.MISCONFIGURED, { reason: `${named(hook)} ${why}.`, cause });
