import { authorizationUrl } from "./authorization-url.ts";
import { inStep, failureOf, withinTimeLimit } from "./provider-step.ts";
import { refuseUnfitClaims } from "./claims-fault.ts";
import { getJson, getJsonList } from "./http.ts";
import type { Json, OutboundContext } from "./http.ts";
import type { AuthorizationRequest, Claims, Provider, ProviderConfig } from "./provider.ts";
import { askForTokens, tokensOf } from "./token-endpoint.ts";
import type { TokenAnswer } from "./token-endpoint.ts";

type Headers = Readonly<Record<string, string>>;

/** What there is to say of somebody. */
export interface Known {
  /** Asks an API in their name for an object of JSON; by the access token as a bearer's unless said otherwise. */
  readonly ask: (url: string, headers?: Headers) => Promise<Json>;
  /** The same for a list of objects. */
  readonly askList: (url: string) => Promise<Json[]>;
  readonly tokens: TokenAnswer;
  readonly config: ProviderConfig;
}

/** What is peculiar to a kind of provider that speaks OAuth 2.0, and of people in words of its own. */
export interface OAuthKind {
  readonly endpoints: (config: ProviderConfig) => { readonly authorize: string; readonly token: string };
  /** The scopes that are asked for; those of the configuration unless said otherwise. */
  readonly scope?: (configured: readonly string[]) => readonly string[];
  /** What the browser is sent with besides. */
  readonly parameters?: (request: AuthorizationRequest, config: ProviderConfig) => Readonly<Record<string, string>>;
  /** Whether it takes PKCE without saying so: by `auto` it is used. */
  readonly knowsPkce?: boolean;
  readonly secretIn?: "header" | "body";
  /** What separates the scopes that it has granted, all of which are needed; left out where nobody looks. */
  readonly grantedBy?: " " | ",";
  /** How it gives out tokens, where not by a token endpoint of RFC 6749. */
  readonly exchange?: (ctx: OutboundContext, config: ProviderConfig, parameters: Parameters) => Promise<TokenAnswer>;
  /** What it says of somebody, by the names of OpenID Connect; what is empty is left out. */
  readonly claims: (known: Known) => Promise<Readonly<Record<string, unknown>>>;
}

/** What a grant is asked for by. */
export type Parameters = Readonly<Record<string, string>> & { readonly grant: string };

/**
 * Makes providers of a kind.
 *
 * @example
 * export const create = oauthProviders({
 *   endpoints: () => ({ authorize: "https://example.org/authorize", token: "https://example.org/token" }),
 *   async claims({ ask }) {
 *     const { id, mail } = await ask("https://example.org/me");
 *     return { iss: "https://example.org/", sub: id, email: mail };
 *   },
 * });
 */
export const oauthProviders =
  (kind: OAuthKind) =>
  (config: ProviderConfig): Provider => ({
    config,
    authorize: async (_, request) =>
      authorizationUrl(config, request, {
        endpoint: kind.endpoints(config).authorize,
        scope: kind.scope?.(config.scope) ?? config.scope,
        knowsPkce: kind.knowsPkce ?? false,
        ...(kind.parameters && { [request.refresh ? "fixed" : "usual"]: kind.parameters(request, config) }),
      }),
    redeem: (ctx, { code = "", authCode = "" }, { redirectUri, codeVerifier }) =>
      withinTimeLimit("token_exchange", async () => {
        const tokens = await exchange(ctx, kind, config, {
          grant: "authorization_code",
          code: code || authCode,
          redirect_uri: redirectUri,
          ...(codeVerifier && { code_verifier: codeVerifier }),
        });
        refuseMissingScopes(kind, config, tokens);
        const bearer: Headers = { authorization: `Bearer ${tokens.access_token}` };
        const ask: Known["ask"] = (url, headers = bearer) => getJson(ctx, url, headers);
        const askList: Known["askList"] = (url) => getJsonList(ctx, url, bearer);
        const said = await inStep("claims_decode", () => kind.claims({ ask, askList, tokens, config }));
        return { claims: claimsOf(said), tokens: tokensOf(ctx, tokens) };
      }),
    refresh: (ctx, token) =>
      withinTimeLimit("token_exchange", async () =>
        tokensOf(ctx, await exchange(ctx, kind, config, { grant: "refresh_token", refresh_token: token })),
      ),
  });

function exchange(
  ctx: OutboundContext,
  kind: OAuthKind,
  config: ProviderConfig,
  asked: Parameters,
): Promise<TokenAnswer> {
  const { exchange: own, secretIn = "body" } = kind;
  if (own) return inStep("token_exchange", () => own(ctx, config, asked));
  const { grant, ...parameters } = asked;
  const endpoint = { url: kind.endpoints(config).token, secret: config.client_secret ?? "", secretIn };
  return askForTokens(ctx, config, endpoint, grant, parameters);
}

function refuseMissingScopes({ grantedBy }: OAuthKind, { scope }: ProviderConfig, { scope: said }: TokenAnswer): void {
  if (!grantedBy) return;
  const granted = grantedOf(said, grantedBy);
  const missing = scope.filter((name) => !granted.includes(name));
  if (missing.length > 0)
    throw failureOf("callback", undefined, {
      says: `Sign-in needs permissions that were not granted: ${missing.join(", ")}.`,
      status: 400,
    });
}

/** The scopes that were granted. */
export const grantedOf = (said: unknown, separator: " " | ","): readonly string[] =>
  typeof said === "string" ? said.split(separator).map((name) => name.trim()) : [];

/** What is known of somebody, without what is not. */
export function claimsOf(said: Readonly<Record<string, unknown>>): Claims {
  refuseUnfitClaims(said);
  const { iss, sub, ...rest } = said;
  if (typeof iss !== "string" || typeof sub !== "string" || !iss || !sub)
    throw failureOf("claims_decode", undefined, { says: "The provider did not return a user ID." });
  const known = Object.entries(rest).filter(([, value]) => value !== undefined && value !== null && value !== "");
  return { iss, sub, ...Object.fromEntries(known) };
}
