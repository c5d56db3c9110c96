import * as oauth from "oauth4webapi";
import type { AuthorizationServer, Client, JWKSCacheInput, TokenEndpointResponse } from "oauth4webapi";
import type { Context } from "../../context.ts";
import { callsOf, discover } from "../discovery.ts";
import { verifierBy } from "../native.ts";
import { openidClaims } from "../openid-claims.ts";
import { ProviderFailure } from "../provider-failure.ts";
import type {
  AuthorizationRequest,
  Provider,
  ProviderConfig,
  Remembered,
  UpstreamAccount,
  UpstreamTokens,
} from "../provider.ts";
import type { IdTokenRules } from "../verify-id-token.ts";

const skewSeconds = 60;

/** A provider that speaks OpenID Connect, and says of itself where. */
export const generic = (config: ProviderConfig): Provider => ({
  config,
  authorize: (ctx, request) => authorize(ctx, config, request),
  redeem: (ctx, parameters, remembered) => redeem(ctx, config, parameters, remembered),
  refresh: (ctx, token) => refresh(ctx, config, token),
  verify: verifierBy(config, (ctx) => nativeRulesOf(ctx, config)),
});

const keys = new WeakMap<ProviderConfig, JWKSCacheInput>();

function serverOf(
  ctx: Context,
  config: ProviderConfig,
  how?: { readonly anew: boolean },
): Promise<AuthorizationServer> {
  if (!config.issuer_url)
    throw new ProviderFailure("callback", "callback_failed", "The provider has no issuer_url.", { status: 500 });
  return discover(ctx, config, config.issuer_url, how);
}

/** Kratos knows no way to judge tokens of any provider, and says so by 502 whatever the token is. */
async function nativeRulesOf(ctx: Context, config: ProviderConfig): Promise<IdTokenRules> {
  const { issuer, jwks_uri: keysAt } = await serverOf(ctx, config);
  if (!keysAt)
    throw new ProviderFailure(
      "id_token_verify",
      "verification_failed",
      "The provider does not say where its keys are.",
    );
  return { issuers: [issuer], keysAt, refusedBy: 502 };
}

async function authorize(ctx: Context, config: ProviderConfig, request: AuthorizationRequest) {
  const server = await serverOf(ctx, config);
  const codeVerifier = proves(config, server) ? oauth.generateRandomCodeVerifier() : undefined;
  const nonce = oauth.generateRandomNonce();
  const url = new URL(server.authorization_endpoint!);
  const parameters = {
    client_id: config.client_id,
    redirect_uri: request.redirectUri,
    response_type: "code",
    scope: scopeOf(config),
    state: request.state,
    nonce,
    ...request.upstreamParameters,
    ...(request.refresh && { prompt: "login" }),
    ...(config.requested_claims && { claims: JSON.stringify(config.requested_claims) }),
    ...(codeVerifier && {
      code_challenge: await oauth.calculatePKCECodeChallenge(codeVerifier),
      code_challenge_method: "S256",
    }),
  };
  for (const [name, value] of Object.entries(parameters)) url.searchParams.set(name, value);
  url.searchParams.sort();
  const remembered: Remembered = { redirectUri: request.redirectUri, nonce, ...(codeVerifier && { codeVerifier }) };
  return { url: url.href, remembered };
}

/** Whether PKCE is used: always, never, or where the provider says that it knows it. */
const proves = ({ pkce }: ProviderConfig, server: AuthorizationServer): boolean =>
  pkce === "force" || (pkce === "auto" && (server.code_challenge_methods_supported?.includes("S256") ?? false));

const scopeOf = ({ scope }: ProviderConfig): string =>
  (scope.includes("openid") ? scope : [...scope, "openid"]).join(" ");

async function redeem(
  ctx: Context,
  config: ProviderConfig,
  parameters: Readonly<Record<string, string>>,
  { redirectUri, codeVerifier, nonce }: Remembered,
): Promise<UpstreamAccount> {
  const server = await serverOf(ctx, config);
  const client = clientOf(ctx, config);
  const calls = callsOf(ctx);
  const said = await failingAs("state_validate", () =>
    // The state has been judged already, and was of use once. Here it is about the issuer (RFC 9207).
    oauth.validateAuthResponse(server, client, new URLSearchParams(parameters), oauth.skipStateCheck),
  );
  const answer = await failingAs("token_exchange", async () =>
    oauth.authorizationCodeGrantRequest(
      server,
      client,
      secretOf(server, config),
      said,
      redirectUri,
      codeVerifier ?? oauth.nopkce,
      calls,
    ),
  );
  const tokens = await failingAs("token_exchange", () =>
    oauth.processAuthorizationCodeResponse(server, client, answer, { expectedNonce: nonce ?? oauth.expectNoNonce }),
  );
  const idToken = oauth.getValidatedIdTokenClaims(tokens);
  if (!idToken)
    throw new ProviderFailure("id_token_verify", "verification_failed", "The provider has given out no ID token.", {
      status: 400,
    });
  const cache = keys.get(config) ?? {};
  keys.set(config, cache);
  await failingAs("id_token_verify", async () =>
    oauth.validateApplicationLevelSignature(server, answer, { ...calls, [oauth.jwksCache]: cache }),
  );
  const told =
    config.claims_source === "userinfo"
      ? { ...(await askMore(ctx, { server, client }, tokens, idToken.sub)), iss: idToken.iss, sub: idToken.sub }
      : idToken;
  return { claims: openidClaims(told), tokens: tokensOf(ctx, tokens) };
}

/** Asks the UserInfo endpoint (OpenID Connect Core 1.0, section 5.3). */
const askMore = (
  ctx: Context,
  { server, client }: { readonly server: AuthorizationServer; readonly client: Client },
  { access_token: token }: TokenEndpointResponse,
  subject: string,
) =>
  failingAs("claims_decode", async () =>
    oauth.processUserInfoResponse(
      server,
      client,
      subject,
      await oauth.userInfoRequest(server, client, token, callsOf(ctx)),
    ),
  );

async function refresh(ctx: Context, config: ProviderConfig, refreshToken: string): Promise<UpstreamTokens> {
  const server = await serverOf(ctx, config);
  const client = clientOf(ctx, config);
  const tokens = await failingAs("token_exchange", async () =>
    oauth.processRefreshTokenResponse(
      server,
      client,
      await oauth.refreshTokenGrantRequest(server, client, secretOf(server, config), refreshToken, callsOf(ctx)),
    ),
  );
  return tokensOf(ctx, tokens);
}

const clientOf = (ctx: Context, { client_id }: ProviderConfig): Client => ({
  client_id,
  [oauth.clockSkew]: Math.round((ctx.now().getTime() - Date.now()) / 1000),
  [oauth.clockTolerance]: skewSeconds,
});

/** How the client proves who it is: as the provider takes it, by a header if it says nothing (OpenID Connect Core 1.0, section 9). */
function secretOf({ token_endpoint_auth_methods_supported: taken }: AuthorizationServer, config: ProviderConfig) {
  const secret = config.client_secret ?? "";
  const inBody = taken?.includes("client_secret_post") && !taken.includes("client_secret_basic");
  return inBody ? oauth.ClientSecretPost(secret) : oauth.ClientSecretBasic(secret);
}

const tokensOf = (
  ctx: Context,
  { id_token, access_token, refresh_token, expires_in, scope }: TokenEndpointResponse,
) => ({
  ...(id_token && { id_token }),
  access_token,
  ...(refresh_token && { refresh_token }),
  ...(expires_in !== undefined && { expires_at: ctx.now().getTime() + expires_in * 1000 }),
  ...(scope && { scope }),
});

const failures = {
  state_validate: ["state_invalid", "The answer is not the provider's."],
  token_exchange: ["exchange_failed", "The provider does not give out tokens for the code."],
  id_token_verify: ["verification_failed", "The provider's ID token cannot be trusted."],
  claims_decode: ["claims_invalid", "The provider does not say who has signed in."],
} as const;

async function failingAs<T>(step: keyof typeof failures, work: () => T | Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    const [reason, message] = failures[step];
    throw new ProviderFailure(step, reason, message, { cause, ...(step === "state_validate" && { status: 400 }) });
  }
}
