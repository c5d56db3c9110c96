import { interactionPolicy } from "oidc-provider";
import type { Client, Configuration, JWKS, KoaContextWithOIDC } from "oidc-provider";
import type { Context } from "../../context.ts";
import { keyFor } from "../../crypto/keys.ts";
import { identityById } from "../../identity/statements.ts";
import { clientStore } from "./client-store.ts";
import { ownMetadata } from "./client-metadata.ts";
import { claimsOf, claimsOfScopes } from "./claims.ts";
import { existingGrant } from "./grants.ts";
import type { Keeper } from "./keeper.ts";
import { objectStore } from "./object-store.ts";
import { resources } from "./resources.ts";
import { callSafely } from "./safe-fetch.ts";

/** How a request has come in, and how people are told what the provider cannot tell a client. */
export interface ProviderCall {
  readonly ctx: Context;
  readonly pages: ProviderPages;
}

/** What the provider shows people: a page about an error, and what stands before and after a sign-out. */
export interface ProviderPages {
  /** Says what went wrong where no client can be told. */
  showError(koa: KoaContextWithOIDC, ctx: Context, error: ProviderFault): Promise<void>;
  /** Asks whether somebody wants to sign out; its form is sent with `logout=yes` and the secret of the session's state. */
  askLogout(koa: KoaContextWithOIDC): Promise<void>;
  /** Says that somebody is signed out. */
  showSignedOut(koa: KoaContextWithOIDC, ctx: Context): Promise<void>;
}

/** An error by the names of OAuth 2.0 (RFC 6749, 4.1.2.1). */
export interface ProviderFault {
  readonly error: string;
  readonly error_description?: string | undefined;
}

/** Where people are sent, below the address of the server. */
const pathOf = { login: "self-service/login/browser", consent: "ui/consent" } as const;

/** How the provider of a tenant is set up. Lifetimes are in seconds there. */
export function settingsOf(
  keeper: Keeper,
  keys: JWKS,
  callOf: (koa: KoaContextWithOIDC) => ProviderCall,
): Configuration {
  const { config } = keeper;
  const { embedded } = config.oauth2_provider;
  const { ttl } = embedded;
  const secure = config.serve.public.base_url.startsWith("https:");
  const cookie = { httpOnly: true, sameSite: "lax", secure, path: "/" } as const;
  return {
    adapter: (model: string) => (model === "Client" ? clientStore(keeper) : objectStore(keeper, model)),
    jwks: keys,
    routes,
    scopes: ["openid", "offline_access", "offline", ...embedded.scopes],
    claims: claimsOfScopes as unknown as Record<string, string[]>,
    responseTypes: ["code"],
    acrValues: ["aal1", "aal2"],
    pkce: { required: (_ctx, client) => embedded.require_pkce || client.clientAuthMethod === "none" },
    clientDefaults: { id_token_signed_response_alg: embedded.own_keys.algorithm },
    extraClientMetadata: ownMetadata,
    clientBasedCORS: (_ctx, origin, client) =>
      ((client["allowed_cors_origins"] as readonly string[] | undefined) ?? []).includes(origin),
    cookies: {
      keys: config.secrets.cookie.map((secret) => keyFor("oauth2 cookies", secret).export().toString("base64url")),
      names: { session: "ostiary_oauth2_session", interaction: "ostiary_oauth2", resume: "ostiary_oauth2_resume" },
      long: { ...cookie, signed: true },
      short: { ...cookie, signed: true },
    },
    features: {
      devInteractions: { enabled: false },
      clientCredentials: { enabled: true },
      // An API asks the admin port, which tells it of every token.
      introspection: { enabled: true, allowedPolicy: isOwn },
      revocation: { enabled: true, allowedPolicy: isOwn },
      rpInitiatedLogout: {
        enabled: true,
        logoutSource: (koa) => callOf(koa).pages.askLogout(koa),
        postLogoutSuccessSource: (koa) => callOf(koa).pages.showSignedOut(koa, callOf(koa).ctx),
      },
      resourceIndicators: resources(embedded.access_token),
      registration: { enabled: embedded.dynamic_registration },
      registrationManagement: { enabled: embedded.dynamic_registration, rotateRegistrationAccessToken: true },
    },
    interactions: { policy: policy(), url: (_ctx, { uid, prompt }) => addressOf(keeper, prompt.name, uid) },
    async findAccount(ctx, accountId, token) {
      const identity = await identityById(keeper, accountId);
      if (!identity || identity.state !== "active") return undefined;
      const { acr, amr } = (token ?? ctx.oidc.session ?? {}) as { readonly acr?: string; readonly amr?: string[] };
      return { accountId, claims: () => ({ ...claimsOf(identity), ...(acr && { acr }), ...(amr && { amr }) }) };
    },
    // As Hydra does: a refresh token that is shown twice was stolen from one of the two.
    rotateRefreshToken: true,
    loadExistingGrant: (ctx) => existingGrant(keeper, ctx),
    // Who signs out is asked no more than before when they sign in again.
    revokeGrantPolicy: (ctx) => ctx.oidc.route !== "end_session_confirm" && ctx.oidc.route !== "revocation",
    issueRefreshToken: (_ctx, client, code) => client.grantTypeAllowed("refresh_token") && staysConnected(code.scopes),
    expiresWithSession: (_ctx, { scopes }) => !staysConnected(scopes),
    renderError: (koa, { error, error_description }) =>
      callOf(koa).pages.showError(koa, callOf(koa).ctx, { error, error_description }),
    fetch: callSafely(config.clients),
    ttl: {
      AccessToken: seconds(ttl.access_token),
      AuthorizationCode: seconds(ttl.auth_code),
      ClientCredentials: seconds(ttl.access_token),
      Grant: seconds(ttl.grant),
      IdToken: seconds(ttl.id_token),
      Interaction: seconds(ttl.login_consent_request),
      RefreshToken: seconds(ttl.refresh_token),
      Session: seconds(config.session.lifespan),
    },
  };
}

/** Hydra's public paths. */
const routes = {
  authorization: "/oauth2/auth",
  end_session: "/oauth2/sessions/logout",
  introspection: "/oauth2/introspect",
  jwks: "/.well-known/jwks.json",
  pushed_authorization_request: "/oauth2/par",
  registration: "/oauth2/register",
  revocation: "/oauth2/revoke",
  token: "/oauth2/token",
  userinfo: "/userinfo",
};

const isOwn = (_ctx: unknown, { clientId }: Client, token: { readonly clientId?: string | undefined }): boolean =>
  token.clientId === clientId;

/** By the name that OpenID Connect has for it (Core, 11), or Hydra's. */
const staysConnected = (scopes: ReadonlySet<string>): boolean => scopes.has("offline_access") || scopes.has("offline");

const seconds = (ms: number): number => Math.max(1, Math.floor(ms / 1000));

/** As usual, but that a client whose consent is skipped is believed where it is an app, too. */
function policy() {
  const { Check, base } = interactionPolicy;
  const prompts = base();
  const consent = prompts.get("consent")!;
  const native = consent.checks.get("native_client_prompt")!;
  consent.checks.remove("native_client_prompt");
  consent.checks.add(
    new Check("native_client_prompt", native.description, native.error!, (ctx) =>
      ctx.oidc.client!["skip_consent"] === true ? Check.NO_NEED_TO_PROMPT : native.check(ctx),
    ),
    0,
  );
  return prompts;
}

function addressOf({ config }: Keeper, prompt: string, uid: string): string {
  const { base_url: base } = config.serve.public;
  const { consent_url: own } = config.oauth2_provider.embedded;
  const url = prompt === "consent" ? new URL(own ?? pathOf.consent, base) : new URL(pathOf.login, base);
  url.searchParams.set(prompt === "consent" ? "consent_challenge" : "login_challenge", uid);
  return url.href;
}
