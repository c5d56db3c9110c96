import type { Context } from "../../context.ts";
import { exchangeOf, layReady } from "../../flow/exchange.ts";
import type { Outcome } from "../../flow/pipeline/outcome.ts";
import { destination } from "../../flow/return-to.ts";
import type { Registered } from "../../flows/registration.ts";
import type { IssuedSession } from "../../session/issue.ts";
import { goOnAt, leadTo } from "./submission.ts";

/**
 * Sends a browser in which a native client's flow went on back to the client, with the code by which that gets its session or,
 * where there is none yet, learns why. False where the client has asked for no code, or has to go on in the browser.
 */
export async function bringHome(ctx: Context, outcome: Outcome): Promise<boolean> {
  const last = whereItEnded(outcome);
  if (last.kind === "redirected") return false;
  const exchange = await exchangeOf(ctx, last.flow);
  if (!exchange) return false;
  const sessionId = last.kind === "completed" ? sessionIn(last.completion as IssuedSession | Registered) : undefined;
  if (sessionId !== undefined) await layReady(ctx, exchange, sessionId);
  const home = new URL(destination(ctx, last.flow.returnTo));
  home.searchParams.set("code", exchange.returnCode);
  // The client has to show a form that it may not know.
  if (last.kind !== "completed" && (last.flow.kind === "registration" || last !== outcome))
    home.searchParams.set("flow", last.flow.id);
  if (!leadTo(ctx, home.href)) throw goOnAt(home.href);
  return true;
}

/** The flow that went on in the place of others. */
function whereItEnded(outcome: Outcome): Exclude<Outcome, { kind: "handedOver" }> {
  return outcome.kind === "handedOver" ? whereItEnded(outcome.outcome) : outcome;
}

const sessionIn = (completion: IssuedSession | Registered): string | undefined =>
  "identityId" in completion ? completion.session?.id : completion.id;
