import type { Context } from "../context.ts";
import type { Flow } from "../flow/flow.ts";

/** What a login flow in steps has learnt on its first screen. */
interface Identified {
  readonly screen?: "credentials";
  readonly identifier?: string;
  /** The methods that this person can sign in with; left out where that is not to be told. */
  readonly methods?: readonly string[];
}

/** Whether sign-in comes in two steps: first the identifier, then the credential. */
export const identifierFirst = ({ config }: Context, { requestedAal, refresh }: Flow): boolean =>
  config.selfservice.flows.login.style === "identifier_first" && requestedAal === 1 && !refresh;

/** Whether a login flow still asks who somebody is. */
export const asksIdentifier = (ctx: Context, flow: Flow): boolean =>
  identifierFirst(ctx, flow) && (flow.internal as Identified).screen !== "credentials";

/** The identifier that was given on the first screen. */
export const identifierGiven = (flow: Flow): string | undefined => (flow.internal as Identified).identifier;

/** Which login methods a form may show: those of the person, as far as the flow knows and may tell. */
export function shownMethods(ctx: Context, flow: Flow): { has(method: string): boolean } {
  if (asksIdentifier(ctx, flow)) return { has: () => false };
  const { methods } = flow.internal as Identified;
  return methods ? new Set(methods) : { has: () => true };
}

/** Whether a registration flow shows the credentials: at once, or after the profile. */
export const onCredentialScreen = (ctx: Context, flow: Flow): boolean =>
  !profileFirst(ctx) || flow.internal["screen"] === "credentials";

/** Whether sign-up comes in two steps: first the profile, then the credential. */
export function profileFirst({ config }: Context): boolean {
  const { style, enable_legacy_one_step: oneStep } = config.selfservice.flows.registration;
  return style === "profile_first" && !oneStep;
}
