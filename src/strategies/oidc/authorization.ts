import type { Context } from "../../context.ts";
import { ErrorReason, problem } from "../../errors.ts";
import { issueState } from "../../flow/callback-state.ts";
import type { Flow } from "../../flow/flow.ts";
import type { FlowKind } from "../../flow/kinds.ts";
import { defineSealedMemory } from "../../flow/sealed-memory.ts";
import { redirect, reject } from "../../flow/verdict.ts";
import type { Callback, Verdict } from "../../flow/verdict.ts";
import { ProviderFailure } from "../../provider/provider-failure.ts";
import type { Provider, Remembered } from "../../provider/provider.ts";
import { invalidSubmission } from "../../ui/messages.ts";
import type { Message } from "../../ui/message.ts";
import { isCallbackOf, redirectUriOf } from "./redirect-uri.ts";
import { redirectWithReturnCode, requiresReturnCode } from "./return-code.ts";
import { group, providerOf } from "./upstream-login.ts";
import type { StatePayload, UpstreamLogin } from "./upstream-login.ts";

/** What a flow remembers of somebody who is at a provider. */
interface PendingAuthorization extends StatePayload {
  readonly remembered: Remembered;
}

const pendingAuthorization = defineSealedMemory<PendingAuthorization>("oidc_authorization");

/** Sends somebody to a provider. */
export async function redirectToProvider<K extends FlowKind>(
  ctx: Context,
  flow: Flow<K>,
  provider: Provider,
  { hints, statePayload }: { readonly hints: unknown; readonly statePayload: StatePayload },
): Promise<Verdict<K>> {
  const { state, memory } = issueState(ctx, flow, { method: group, at: provider.config.id });
  const { url, remembered } = await loggingFailures(ctx, provider, () =>
    provider.authorize(ctx, {
      state,
      redirectUri: redirectUriOf(ctx, provider.config),
      refresh: flow.refresh,
      upstreamParameters: upstreamParametersOf(hints),
    }),
  );
  return redirect(url, { memory: { ...memory, ...pendingAuthorization.with(ctx, { ...statePayload, remembered }) } });
}

const hintNames = ["hd", "prompt", "auth_type", "acr_values"];

/**
 * The hints that a provider is given. A client may not name others: `login_hint`, say, would let a page choose the account
 * that somebody signs in with.
 */
const upstreamParametersOf = (hints: unknown): Record<string, string> =>
  Object.fromEntries(
    Object.entries(hints ?? {}).filter(
      (entry): entry is [string, string] => hintNames.includes(entry[0]) && typeof entry[1] === "string",
    ),
  );

/** Takes somebody back from a provider; what comes of it is for the flow to settle. */
export async function completeAuthorization<K extends FlowKind>(
  ctx: Context,
  flow: Flow<K>,
  { at, parameters }: Callback,
  settle: (upstreamLogin: UpstreamLogin) => Promise<Verdict<K>>,
): Promise<Verdict<K>> {
  const provider = await providerOf(ctx, at);
  if (!isCallbackOf(provider.config, parameters))
    throw problem(ErrorReason.BAD_REQUEST, { reason: "The provider redirected to the wrong callback address." });
  const gone = pendingAuthorization.of(ctx, flow);
  if (!gone)
    throw problem(ErrorReason.BAD_REQUEST, {
      reason: "The sign-in at the provider was not started in this flow, or its data can no longer be read.",
    });
  const memory = pendingAuthorization.without();
  const refuse = (why: Message) => ({ ...reject({ message: why }), active: group, memory });
  const refusal = refusalIn(parameters);
  if (refusal) return refuse(refusal);
  const { remembered, ...statePayload } = gone;
  try {
    const verdict = await loggingFailures(ctx, provider, async () => {
      const login = { ...statePayload, provider, account: await provider.redeem(ctx, parameters, remembered) };
      return requiresReturnCode(flow) ? redirectWithReturnCode(ctx, flow, login) : settle(login);
    });
    return { ...verdict, memory: { ...memory, ...verdict.memory } };
  } catch (error) {
    // Whose fault it was says the status: the client's own may be mended by the form. Where an app has opened the browser, its
    // own page alone can tell.
    const inForm = error instanceof ProviderFailure && (error.status === 400 || flow.type === "api");
    if (!inForm) throw error;
    return refuse(invalidSubmission(error.message));
  }
}

/** Longer than anything that a person would read. */
const longestDescription = 512;

function refusalIn({ code, authCode, error, error_description: description = "" }: Callback["parameters"]) {
  if (error !== undefined)
    return invalidSubmission(
      `The provider returned the error ${clip(error)}${description && `: ${clip(description)}`}`,
    );
  // DingTalk has a name of its own for it.
  if (code === undefined && authCode === undefined)
    return invalidSubmission("The provider returned neither a code nor an error.");
  return undefined;
}

const clip = (text: string) => text.slice(0, longestDescription);

/** Tells the operator of a provider that does not do its part; its client is told by the error. */
export async function loggingFailures<T>(ctx: Context, { config }: Provider, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof ProviderFailure) {
      const { step, reason, message, cause } = error;
      ctx.log.warn("sign-in at a provider failed", {
        provider: config.id,
        step,
        reason,
        message,
        ...(cause !== undefined && { cause: String(cause) }),
      });
    }
    throw error;
  }
}
