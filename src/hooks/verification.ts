import { renewCsrfToken } from "../flow/csrf.ts";
import type { Hook, HookEffect, HookEvent } from "../flow/hook.ts";
import { startVerification } from "../flows/start-verification.ts";
import { verificationMethod } from "../proof/verification-form.ts";
import type { Context } from "../context.ts";
import { identityById } from "../identity/statements.ts";
import type { VerifiableAddressRow } from "../identity/rows.ts";

/** Begins the verification of an address that nobody has verified yet. Runs on its own after sign-up and settings. */
export const verification: Hook = {
  async within(tx, { flow, attempt, identity, session }) {
    // A change of settings is written after its hooks have run: there is nothing to begin with yet.
    if (flow.kind === "settings" || !identity || (flow.kind === "login" && (session?.aal ?? 1) > 1)) return undefined;
    const address = identity.verifiableAddresses.find((one) => !one.verified && canReach(tx, one));
    if (!address) return undefined;
    // Whoever signs up gets a new token with the answer, and the new flow has to know it.
    if (flow.kind === "registration" && flow.type === "browser") renewCsrfToken(tx);
    return { verification: await startVerification(tx, { flow, attempt }, identity, address) };
  },

  after: async (ctx, event) => (event.flow.kind === "settings" ? afterSettings(ctx, event) : undefined),
};

async function afterSettings(ctx: Context, { flow, attempt, identity }: HookEvent): Promise<HookEffect | undefined> {
  const address = identity?.verifiableAddresses.find(
    (one) => !one.verified && one.status === "pending" && canReach(ctx, one),
  );
  if (!identity || !address) return undefined;
  const verification = await ctx.tx((tx) => startVerification(tx, { flow, attempt }, identity, address));
  const account = await identityById(ctx, identity.id);
  return { verification, ...(account && { account }) };
}

/** Links travel by mail only. */
const canReach = (ctx: Context, { via }: VerifiableAddressRow): boolean =>
  via === "email" || verificationMethod(ctx) === "code";
