import type { JsonObject } from "@bufbuild/protobuf";
import type { Context } from "../../context.ts";
import type { AcceptedLogin, AuthorizationServer, LoginRequest } from "../authorization-server.ts";
import { authorizationServerFailed, challengeRefused, challengeUsed } from "../problems.ts";
import type { Refusal } from "../problems.ts";
import { callHydra } from "./call.ts";
import type { HydraAnswer } from "./call.ts";
import { readLoginRequest } from "./login-request.ts";

const loginRequests = "admin/oauth2/auth/requests/login";

/** Ory Hydra, by its admin API. */
export const hydra: AuthorizationServer = { getLoginRequest, acceptLogin };

async function getLoginRequest(ctx: Context, challenge: string): Promise<LoginRequest> {
  const answer = await answerTo(callHydra(ctx, "GET", loginRequests, challenge), cannotAsk);
  if (answer.status === 200) {
    const request = readLoginRequest(answer.body);
    if (!request) throw authorizationServerFailed(notUnderstood, { status: 200 });
    return request;
  }
  followIfUsed(answer);
  const said = refusalOf(answer);
  throw answer.status >= 400 && answer.status < 500
    ? challengeRefused(said)
    : authorizationServerFailed(cannotAsk, said);
}

async function acceptLogin(ctx: Context, challenge: string, login: AcceptedLogin): Promise<string> {
  const call = callHydra(ctx, "PUT", `${loginRequests}/accept`, challenge, bodyOf(login));
  const answer = await answerTo(call, cannotTell);
  followIfUsed(answer);
  if (answer.status !== 200) throw authorizationServerFailed(cannotTell, refusalOf(answer));
  const url = redirectOf(answer);
  if (url === undefined) throw authorizationServerFailed(notUnderstood, { status: 200 });
  return url;
}

const bodyOf = ({ subject, sessionId, remember, rememberForSeconds, amr, acr }: AcceptedLogin): JsonObject => ({
  subject,
  identity_provider_session_id: sessionId,
  remember,
  remember_for: rememberForSeconds,
  amr: [...amr],
  ...(acr !== undefined && { acr }),
});

const cannotAsk = "The OAuth 2.0 server could not be asked for the login challenge.";
const cannotTell = "The OAuth 2.0 server could not be told of the sign-in.";
const notUnderstood = "The OAuth 2.0 server answered in a way that is not understood.";

const answerTo = (call: Promise<HydraAnswer>, failure: string): Promise<HydraAnswer> =>
  call.catch((cause: unknown) => {
    throw authorizationServerFailed(failure, { cause });
  });

/** A challenge that was used leads to where the sign-in begins anew, as far as Hydra says. */
function followIfUsed(answer: HydraAnswer): void {
  const url = answer.status === 410 ? redirectOf(answer) : undefined;
  if (url !== undefined) throw challengeUsed(url);
}

function redirectOf({ body }: HydraAnswer): string | undefined {
  const url = body?.["redirect_to"];
  return typeof url === "string" && /^https?:\/\//i.test(url) && URL.canParse(url) ? url : undefined;
}

/** What Hydra says in its way of telling errors of OAuth 2.0. */
function refusalOf({ status, body }: HydraAnswer): Refusal {
  const hint = body?.["error_hint"];
  if (typeof hint === "string") return { status, hint };
  return { status, ...(typeof body?.["error"] === "string" && { hint: "" }) };
}
