import type { Context } from "../../context.ts";
import { ErrorReason, problem } from "../../errors.ts";
import type { Problem } from "../../errors.ts";
import type { Flow } from "../../flow/flow.ts";
import { requestUrlOf } from "../../flow/request-url.ts";
import { acceptLogin } from "../../oauth2/accept-login.ts";
import type { LoginRequest } from "../../oauth2/authorization-server.ts";
import { acceptableChallenge, loginRequestOf } from "../../oauth2/login-challenge.ts";
import { meetsAal, secondFactorUrl } from "../../session/required-aal.ts";
import type { SessionRow } from "../../session/statements.ts";
import { goOnAt, leadTo } from "./submission.ts";

/** What a browser begins a flow with. */
interface Begin {
  readonly loginChallenge?: string;
  readonly returnTo: string;
}

/** The sign-in that an authorization server has sent a browser for. */
export interface WantedLogin {
  readonly challenge: string;
  readonly request: LoginRequest;
  /** Where the flow leads if the sign-in cannot end in it. */
  readonly returnTo: string;
}

/** The sign-in that a flow is to begin for; undefined where none is wanted of it. */
export async function wantedLogin(ctx: Context, begin: Begin): Promise<WantedLogin | undefined> {
  const challenge = acceptableChallenge(ctx, begin.loginChallenge);
  if (challenge === undefined) return undefined;
  const request = await loginRequestOf(ctx, challenge);
  const overrides = ctx.config.oauth2_provider.override_return_to && request.request_url !== "";
  return { challenge, request, returnTo: overrides ? request.request_url : begin.returnTo };
}

/** Whether nobody need be asked: the authorization server knows the person whose session this is. */
export const needsNoForm = ({ request }: WantedLogin, { identity }: SessionRow): boolean =>
  request.skip && request.subject === identity.id;

/** Tells the authorization server of who is signed in already, and makes the error that leads there. */
export async function acceptAtOnce(ctx: Context, wanted: WantedLogin, session: SessionRow): Promise<Problem> {
  const { challenge, returnTo } = wanted;
  if (!meetsAal(ctx, session, ctx.config.session.whoami.required_aal))
    return goOnAt(secondFactorUrl(ctx, returnTo, challenge));
  const location = await acceptLogin(ctx, challenge, session);
  return problem(ErrorReason.SESSION_ALREADY_AVAILABLE, {
    reason: "A user is already signed in, and the OAuth 2.0 server knows them. Send the browser on.",
    location,
    redirectBrowserTo: location,
  });
}

/** The address by which a login began as it is in effect: in the words of Kratos. */
export function requestUrlFor(ctx: Context, { request, returnTo }: WantedLogin): string {
  const url = new URL(requestUrlOf(ctx));
  if (!request.skip) url.searchParams.set("refresh", "true");
  if (returnTo) url.searchParams.set("return_to", returnTo);
  url.searchParams.sort();
  return url.href;
}

/** Sends a browser to log in instead of signing up, with all that it came with: 302, as in Kratos. */
export function leadToLogin(ctx: Context, { returnTo }: WantedLogin): void {
  const login = new URL("self-service/login/browser", ctx.config.serve.public.base_url);
  login.search = new URL(requestUrlOf(ctx)).search;
  if (returnTo) login.searchParams.set("return_to", returnTo);
  if (!leadTo(ctx, login.href, 302)) throw goOnAt(login.href, 302);
}

/** Has an authorization server say what a flow that is about to be shown is for. */
export async function askForLoginRequest(ctx: Context, { kind, oauth2LoginChallenge: challenge }: Flow): Promise<void> {
  if (challenge !== null && (kind === "login" || kind === "registration")) await loginRequestOf(ctx, challenge);
}
