import { ErrorReason, problem } from "../errors.ts";
import type { Hook } from "../flow/hook.ts";
import { startVerification } from "../flows/start-verification.ts";
import { prepareMailedLogin } from "../proof/mailed-login.ts";
import { addressNotVerified } from "../ui/code-messages.ts";

/** Turns away who has no verified address, and begins the verification of one. */
export const requireVerifiedAddress: Hook = {
  async review(ctx, { flow, attempt, method, identity }) {
    const { verifiableAddresses = [] } = identity ?? {};
    if (!identity || verifiableAddresses.some(({ verified }) => verified)) return undefined;
    if (ctx.config.feature_flags.legacy_require_verified_login_error)
      return method === "password" ? { complaints: [{ message: addressNotVerified() }] } : undefined;
    const [address] = verifiableAddresses;
    if (!address)
      throw problem(ErrorReason.MISCONFIGURED, {
        reason: "The hook require_verified_address requires an identity schema with a verifiable address.",
      });
    await prepareMailedLogin(ctx, flow.oauth2LoginChallenge);
    // No session has begun: whoever signs in for another server does so once more.
    const waiting = { ...attempt, ...(flow.oauth2LoginChallenge !== null && { pendingLogin: { methods: [] } }) };
    const started = await ctx.tx((tx) => startVerification(tx, { flow, attempt: waiting }, identity, address));
    const shown = { id: started.id, verifiable_address: started.address, url: started.url };
    throw problem(ErrorReason.SESSION_VERIFIED_ADDRESS_REQUIRED, {
      reason: "The account has no verified address. We have sent a message to verify one.",
      details: { continue_with: [{ action: "show_verification_ui", flow: shown }] },
      location: started.url,
    });
  },
};
