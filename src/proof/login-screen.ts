import type { Context } from "../context.ts";
import type { Flow } from "../flow/flow.ts";
import { identified } from "./identified.ts";
import { linking } from "./linking.ts";

/** Whether sign-in comes in two steps: first the identifier, then the credential. */
export const identifierFirst = ({ config }: Context, flow: Flow): boolean =>
  config.selfservice.flows.login.style === "identifier_first" &&
  flow.requestedAal === 1 &&
  !flow.refresh &&
  // Whoever links an account has told who they are.
  !linking.of(flow);

/** Whether a login flow still asks who somebody is. */
export const asksIdentifier = (ctx: Context, flow: Flow): boolean =>
  identifierFirst(ctx, flow) && identified.of(flow)?.screen !== "credentials";

/** The identifier that was given on the first screen. */
export const identifierGiven = (flow: Flow): string | undefined => identified.of(flow)?.identifier;

/** Which login methods a form may show: those of the person, as far as the flow knows and may tell. */
export function shownMethods(ctx: Context, flow: Flow): { has(method: string): boolean } {
  if (asksIdentifier(ctx, flow)) return { has: () => false };
  const methods = identified.of(flow)?.methods;
  return methods ? new Set(methods) : { has: () => true };
}
