import { generateRandomNonce, skipStateCheck, validateAuthResponse } from "oauth4webapi";
import type { AuthorizationServer } from "oauth4webapi";
import type { JWTPayload } from "jose";
import { authorizationUrl } from "./authorization-url.ts";
import { discover } from "./discovery.ts";
import { inStep, failureOf, withinTimeLimit } from "./provider-step.ts";
import { getJson } from "./http.ts";
import type { Json, OutboundContext } from "./http.ts";
import { verifierBy } from "./native.ts";
import { openidClaims } from "./openid-claims.ts";
import type {
  AuthorizationRequest,
  Claims,
  Provider,
  ProviderConfig,
  Remembered,
  UpstreamAccount,
} from "./provider.ts";
import { cachedDocument } from "./document-cache.ts";
import { askForTokens, tokensOf } from "./token-endpoint.ts";
import type { TokenAnswer, TokenEndpoint } from "./token-endpoint.ts";
import { verifyGivenToken } from "./verify-id-token.ts";
import type { IdTokenRules, Issuer } from "./verify-id-token.ts";

/** What somebody has come back with. */
export interface Returned {
  readonly idToken: JWTPayload;
  readonly tokens: TokenAnswer;
  /** The parameters of the callback. */
  readonly parameters: Readonly<Record<string, string>>;
  /** Asks an API in the person's name. */
  readonly ask: (url: string) => Promise<Json>;
}

/** What is peculiar to a kind of provider that speaks OpenID Connect. With nothing of it, it is any that says of itself where it is. */
export interface OpenidKind {
  /** Its issuer, where it is always the same one; that of the configuration otherwise. */
  readonly issuer?: string;
  /** What is known of it without asking. Where its keys are among that, it is not asked. */
  readonly known?: (config: ProviderConfig) => Partial<AuthorizationServer>;
  readonly scope?: (scope: readonly string[]) => readonly string[];
  /** What the browser is sent with besides. */
  readonly parameters?: (config: ProviderConfig) => Readonly<Record<string, string>>;
  /** Whether it does not repeat a nonce. */
  readonly forgetsNonce?: boolean;
  /** What the token endpoint is asked with besides. */
  readonly tokenParameters?: Readonly<Record<string, string>>;
  /** The client's secret, where it is made for the occasion. */
  readonly secret?: (ctx: OutboundContext, config: ProviderConfig) => Promise<string>;
  readonly claimsFrom?: "userinfo";
  /** Whose the token is by what it says of itself, which is not believed yet. */
  readonly issuerOf?: (idToken: string, config: ProviderConfig) => Issuer;
  /** What becomes of the claims. */
  readonly finish?: (claims: Claims, returned: Returned, config: ProviderConfig) => Claims | Promise<Claims>;
  /** How tokens are judged that native clients bring; by what the provider says of itself unless said otherwise. */
  readonly native?: IdTokenRules;
}

/** Makes providers of a kind. */
export const openidProviders =
  (kind: OpenidKind) =>
  (config: ProviderConfig): Provider => ({
    config,
    authorize: (ctx, request) => withinTimeLimit("callback", () => authorize(ctx, kind, config, request)),
    redeem: (ctx, parameters, remembered) =>
      withinTimeLimit("token_exchange", () => redeem(ctx, kind, config, { parameters, remembered })),
    refresh: (ctx, token) =>
      withinTimeLimit("token_exchange", async () => {
        const endpoint = await endpointOf(ctx, kind, config, await serverOf(ctx, kind, config));
        const answer = await askForTokens(ctx, config, endpoint, "refresh_token", { refresh_token: token });
        return tokensOf(ctx, answer);
      }),
    verify: verifierBy(config, kind.native ?? ((ctx) => nativeRulesOf(ctx, kind, config))),
    examine: (ctx) => withinTimeLimit("callback", () => examine(ctx, kind, config)),
  });

async function serverOf(
  ctx: OutboundContext,
  { issuer, known }: OpenidKind,
  config: ProviderConfig,
  how?: { readonly anew: boolean },
): Promise<AuthorizationServer> {
  const { issuer_url: configured = "", auth_url: authorize, token_url: token } = config;
  const name = issuer ?? configured;
  if (!name) throw failureOf("callback", undefined, { says: "The provider has no issuer_url.", status: 500 });
  const beforehand = known?.(config) ?? {};
  return {
    ...(beforehand.jwks_uri ? { issuer: name } : await discover(ctx, name, how)),
    ...beforehand,
    ...(authorize && { authorization_endpoint: authorize }),
    ...(token && { token_endpoint: token }),
  };
}

async function authorize(
  ctx: OutboundContext,
  kind: OpenidKind,
  config: ProviderConfig,
  request: AuthorizationRequest,
) {
  const server = await serverOf(ctx, kind, config);
  if (!server.authorization_endpoint)
    throw failureOf("callback", undefined, { says: "The provider publishes no authorization endpoint." });
  const { requested_claims: claims } = config;
  return authorizationUrl(config, request, {
    endpoint: server.authorization_endpoint,
    scope: scopeOf(kind, config),
    knowsPkce: server.code_challenge_methods_supported?.includes("S256") ?? false,
    ...(!kind.forgetsNonce && { nonce: generateRandomNonce() }),
    usual: { ...kind.parameters?.(config), ...(claims && { claims: JSON.stringify(claims) }) },
    ...(request.refresh && { fixed: { prompt: "login" } }),
  });
}

function scopeOf({ scope = (all) => all }: OpenidKind, { scope: configured }: ProviderConfig): readonly string[] {
  return scope(configured.includes("openid") ? configured : [...configured, "openid"]);
}

/** How the client proves who it is: as the provider takes it, by a header if it says nothing (OpenID Connect Core 1.0, section 9). */
async function endpointOf(
  ctx: OutboundContext,
  { secret }: OpenidKind,
  config: ProviderConfig,
  { token_endpoint: url, token_endpoint_auth_methods_supported: taken }: AuthorizationServer,
): Promise<TokenEndpoint> {
  if (!url) throw failureOf("callback", undefined, { says: "The provider publishes no token endpoint." });
  const inBody = taken?.includes("client_secret_post") && !taken.includes("client_secret_basic");
  return {
    url,
    secret: secret ? await secret(ctx, config) : (config.client_secret ?? ""),
    secretIn: inBody ? "body" : "header",
  };
}

interface Return {
  readonly parameters: Readonly<Record<string, string>>;
  readonly remembered: Remembered;
}

async function redeem(
  ctx: OutboundContext,
  kind: OpenidKind,
  config: ProviderConfig,
  { parameters, remembered }: Return,
): Promise<UpstreamAccount> {
  const server = await serverOf(ctx, kind, config);
  const { redirectUri, codeVerifier, nonce } = remembered;
  // The state has been judged already, and was of use once. Here it is about the issuer (RFC 9207).
  await inStep("state_validate", () =>
    validateAuthResponse(server, { client_id: config.client_id }, new URLSearchParams(parameters), skipStateCheck),
  );
  const tokens = await askForTokens(ctx, config, await endpointOf(ctx, kind, config, server), "authorization_code", {
    code: parameters["code"] ?? "",
    redirect_uri: redirectUri,
    ...(codeVerifier && { code_verifier: codeVerifier }),
    ...kind.tokenParameters,
  });
  const { id_token: idToken, access_token: accessToken } = tokens;
  if (typeof idToken !== "string" || !idToken)
    throw failureOf("id_token_verify", undefined, {
      says: 'The provider returned no ID token. Allow the scope "openid" and try again.',
      status: 400,
    });
  const issuer = kind.issuerOf?.(idToken, config) ?? issuerOf(server);
  const payload = await verifyGivenToken(ctx, config, idToken, issuer, { nonce, accessToken });
  const ask = (url: string) => getJson(ctx, url, { authorization: `Bearer ${accessToken}` });
  const claims = await inStep("claims_decode", async () => {
    const source = kind.claimsFrom ?? config.claims_source;
    const told = openidClaims(source === "userinfo" ? await moreOf(server, payload, ask) : payload);
    return kind.finish?.(told, { idToken: payload, tokens, parameters, ask }, config) ?? told;
  });
  return { claims, tokens: tokensOf(ctx, tokens) };
}

/** What the UserInfo endpoint says (OpenID Connect Core 1.0, section 5.3), if it is of the same person. */
async function moreOf(
  { userinfo_endpoint: url }: AuthorizationServer,
  { iss, sub }: JWTPayload,
  ask: (url: string) => Promise<Json>,
): Promise<Json> {
  if (!url) throw new Error("The provider publishes no UserInfo endpoint.");
  const said = await ask(url);
  // Another one's answer must not be taken for theirs; one without a subject is judged as any other.
  if (said["sub"] !== undefined && said["sub"] !== sub)
    throw failureOf("claims_decode", undefined, {
      says: "The subjects of the ID token and of the UserInfo response differ.",
      status: 400,
    });
  return { ...said, iss };
}

function issuerOf({ issuer, jwks_uri: keysAt }: AuthorizationServer): Issuer {
  if (!keysAt) throw failureOf("id_token_verify", undefined, { says: "The provider publishes no jwks_uri." });
  return { issuers: [issuer], keysAt };
}

/** Kratos knows no way to judge tokens of any provider, and says so by 502 whatever the token is. */
const nativeRulesOf = async (
  ctx: OutboundContext,
  kind: OpenidKind,
  config: ProviderConfig,
): Promise<IdTokenRules> => ({
  ...issuerOf(await serverOf(ctx, kind, config)),
  refusedBy: 502,
});

async function examine(ctx: OutboundContext, kind: OpenidKind, config: ProviderConfig): Promise<void> {
  const server = await serverOf(ctx, kind, config, { anew: true });
  const { keysAt } = kind.native ?? issuerOf(server);
  const { document } = await inStep("id_token_verify", () => cachedDocument(ctx, keysAt, 0));
  if (!Array.isArray(document["keys"]) || document["keys"].length === 0)
    throw failureOf("id_token_verify", undefined, { says: "The provider publishes no signing keys." });
}
