import type { JsonObject } from "@bufbuild/protobuf";
import type { Context } from "../../context.ts";
import { sessionById } from "../../session/statements.ts";
import type { AcceptedLogin, AuthorizationServer, LoginRequest } from "../authorization-server.ts";
import { challengeRefused } from "../problems.ts";
import { acceptSignIn, interactionOf, signedInMeanwhile } from "./interactions.ts";
import type { Interaction } from "./interactions.ts";
import { issuerOf } from "./issuer.ts";
import { keeperOf } from "./keeper.ts";

/** The provider that comes along: it is asked within the process. */
export const embedded: AuthorizationServer = { getLoginRequest, acceptLogin };

async function getLoginRequest(ctx: Context, challenge: string): Promise<LoginRequest> {
  const interaction = await waiting(ctx, challenge);
  const { client, params, sessionId } = interaction;
  const session = await signedInMeanwhile(ctx, interaction);
  return {
    challenge,
    client: { ...client.metadata, client_id: client.clientId } as JsonObject,
    oidc_context: oidcContextOf(params),
    request_url: requestUrlOf(ctx, params),
    requested_access_token_audience: listOf(params["resource"]),
    requested_scope: wordsOf(params["scope"]),
    ...(sessionId !== undefined && { session_id: sessionId }),
    skip: session !== undefined,
    subject: session?.identity.id ?? "",
  };
}

async function acceptLogin(ctx: Context, challenge: string, { sessionId, remember }: AcceptedLogin): Promise<string> {
  const interaction = await waiting(ctx, challenge);
  const session = await sessionById(keeperOf(ctx), sessionId);
  if (!session) throw challengeRefused({});
  return acceptSignIn(ctx, interaction, session, remember);
}

async function waiting(ctx: Context, challenge: string): Promise<Interaction> {
  const interaction = await interactionOf(ctx, challenge, "login");
  if (!interaction) throw challengeRefused({});
  return interaction;
}

type Params = Interaction["params"];

const oidcContextOf = (params: Params): JsonObject => ({
  ...(params["acr_values"] !== undefined && { acr_values: [...wordsOf(params["acr_values"])] }),
  ...(typeof params["display"] === "string" && { display: params["display"] }),
  ...(typeof params["login_hint"] === "string" && { login_hint: params["login_hint"] }),
  ...(params["ui_locales"] !== undefined && { ui_locales: [...wordsOf(params["ui_locales"])] }),
});

/** The authorization request of the client, to begin it anew. */
function requestUrlOf(ctx: Context, params: Params): string {
  const url = new URL(`${issuerOf(keeperOf(ctx))}/oauth2/auth`);
  for (const [name, value] of Object.entries(params))
    for (const one of [value].flat()) if (one !== undefined && one !== null) url.searchParams.append(name, String(one));
  return url.href;
}

const wordsOf = (value: unknown): readonly string[] =>
  typeof value === "string" ? value.split(" ").filter((word) => word !== "") : [];

const listOf = (value: unknown): readonly string[] =>
  value === undefined ? [] : [value].flat().filter((one) => typeof one === "string");
