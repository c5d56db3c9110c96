import type { Context } from "../../context.ts";
import { Problem, explanationOf } from "../../errors.ts";
import type { Flow } from "../../flow/flow.ts";
import { forgetAll } from "../../flow/memory.ts";
import { storedTestResult } from "../../flow/test-login.ts";
import { redirect } from "../../flow/verdict.ts";
import type { Callback, Verdict } from "../../flow/verdict.ts";
import { ProviderFailure } from "../../provider/provider-failure.ts";
import { testLogin, testLoginFailed } from "../../provider/test-login.ts";
import type { TestLoginResult } from "../../provider/test-login.ts";
import { invalidSubmission } from "../../ui/messages.ts";
import { completeAuthorization } from "./authorization.ts";
import { previewLinking } from "./preview-linking.ts";
import type { LinkingPreview } from "./preview-linking.ts";

/** That a provider has been tried out by a flow before. */
export const testLoginIsOver = () => invalidSubmission("This test is complete. Start a new one.");

/**
 * Takes somebody back by whom an administrator tries a provider out: nobody is signed in, and whatever has gone wrong is the
 * result, which the browser is sent to.
 */
export async function concludeTestLogin(
  ctx: Context,
  flow: Flow<"login">,
  callback: Callback,
): Promise<Verdict<"login">> {
  const conclude = (shown: TestLoginResult & { readonly account_linking?: LinkingPreview }) =>
    redirect(resultPage(ctx, flow), {
      state: "passed_challenge",
      memory: { ...forgetAll(flow), ...storedTestResult.with({ owner: flow.csrfHash!, shown }) },
    });
  try {
    const verdict = await completeAuthorization<"login">(ctx, flow, callback, async (login) => {
      const result = await testLogin(ctx, login.provider.config, login.account.claims);
      // Of somebody who could not sign up there is nothing to tell.
      return conclude(result.error ? result : { ...result, account_linking: await previewLinking(ctx, flow, login) });
    });
    return verdict.kind === "rejected" ? conclude(denied(callback, verdict.complaints[0]!.message.text)) : verdict;
  } catch (error) {
    if (error instanceof ProviderFailure) return conclude(testLoginFailed(error));
    if (!(error instanceof Problem)) throw error;
    const message = explanationOf(error) ?? error.message;
    return conclude({ error: { step: "state_validate", reason: "state_invalid", message } });
  }
}

const denied = ({ parameters }: Callback, message: string): TestLoginResult => ({
  error:
    parameters["error"] === undefined
      ? { step: "callback", reason: "callback_failed", message }
      : { step: "provider_denied", reason: "access_denied", message },
});

/** The page of the result is not the one to sign in: it is for administrators. */
function resultPage({ config }: Context, { id }: Flow): string {
  const page = new URL("/session/test-oidc", config.serve.public.base_url);
  page.searchParams.set("flow", id);
  return page.href;
}
