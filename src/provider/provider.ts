import type { Config } from "../config/config.ts";
import type { Context } from "../context.ts";

/** How a provider is configured, in the file or in the database. */
export type ProviderConfig = Config["selfservice"]["methods"]["oidc"]["config"]["providers"][number];

/** What a provider says of a person, by the names of OpenID Connect Core 1.0, section 5.1: what mappers see. */
export interface Claims {
  /** The issuer: it and `sub` name the person's account there. */
  readonly iss: string;
  readonly sub: string;
  readonly [name: string]: unknown;
}

/** The tokens that a provider has given out; each a secret. */
export interface UpstreamTokens {
  readonly id_token?: string;
  readonly access_token?: string;
  readonly refresh_token?: string;
  /** When the access token runs out, in milliseconds since 1970; left out where the provider does not say. */
  readonly expires_at?: number;
  /** What was granted, separated by spaces. */
  readonly scope?: string;
}

/** Who has signed in at a provider, and what may be asked of it in their name. */
export interface UpstreamAccount {
  readonly claims: Claims;
  readonly tokens: UpstreamTokens;
}

/** What a person's browser is sent to a provider with. */
export interface AuthorizationRequest {
  readonly state: string;
  /** Where the provider sends the browser back to. */
  readonly redirectUri: string;
  /** Whether the person shall prove anew who they are. */
  readonly refresh: boolean;
  /** The hints that a client may give: `hd`, `prompt`, `auth_type`, `acr_values`. */
  readonly upstreamParameters: Readonly<Record<string, string>>;
}

/** What has to be remembered until the browser is back; stored sealed. */
export interface Remembered {
  readonly redirectUri: string;
  /** The verifier of PKCE (RFC 7636). */
  readonly codeVerifier?: string;
  /** The nonce that the ID token has to repeat. */
  readonly nonce?: string;
  /** The token of a request of OAuth 1.0a, and its secret. */
  readonly requestToken?: string;
  readonly requestTokenSecret?: string;
}

/** A provider that people sign in at. Whatever goes wrong is a `ProviderFailure`. */
export interface Provider {
  readonly config: ProviderConfig;
  /** Where the browser goes. */
  authorize(
    ctx: Context,
    request: AuthorizationRequest,
  ): Promise<{ readonly url: string; readonly remembered: Remembered }>;
  /** Redeems what the browser has brought back: the parameters of the callback. */
  redeem(ctx: Context, parameters: Readonly<Record<string, string>>, remembered: Remembered): Promise<UpstreamAccount>;
  /** Judges an ID token that a native client has got by itself. Left out where the provider gives none that could be judged. */
  verify?(ctx: Context, idToken: string, nonce: string | undefined): Promise<UpstreamAccount>;
  /** Redeems a token that the browser got by FedCM. */
  verifyFedcm?(ctx: Context, token: string, nonce: string | undefined): Promise<UpstreamAccount>;
  /** Gets new tokens by a refresh token. Left out where the provider has none. */
  refresh?(ctx: Context, refreshToken: string): Promise<UpstreamTokens>;
  /** Fetches anew what is discovered of the provider, and its keys: whether people could sign in. Left out where nothing is. */
  examine?(ctx: Pick<Context, "config" | "now" | "rewriteUrl">): Promise<void>;
}
