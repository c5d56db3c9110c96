import type { JsonObject } from "@bufbuild/protobuf";
import type { Context } from "../context.ts";

/**
 * The sign-in that an authorization server waits for, by the names that Ory Hydra's API gives its parts. The contract
 * (`OAuth2LoginRequest`) says what becomes of it in flows; what it does not name is shown to nobody.
 */
export interface LoginRequest {
  readonly challenge: string;
  /** Who wants somebody signed in, as registered. */
  readonly client: JsonObject;
  /** What OpenID Connect adds: `acr_values`, `display`, `id_token_hint_claims`, `login_hint`, `ui_locales`. */
  readonly oidc_context?: JsonObject;
  /** The client's authorization request, absolute: to follow it begins the sign-in anew. */
  readonly request_url: string;
  readonly requested_access_token_audience?: readonly string[];
  readonly requested_scope?: readonly string[];
  /** The session at the authorization server that it belongs to. */
  readonly session_id?: string;
  /** Whether the authorization server knows by a session of its own who is there. */
  readonly skip: boolean;
  /** Who it knows to be there, the id of an identity; empty where it knows nobody. */
  readonly subject: string;
}

/** Who has signed in, and how long that is to hold. */
export interface AcceptedLogin {
  /** The id of the identity. */
  readonly subject: string;
  readonly sessionId: string;
  /** Whether the authorization server keeps a session of its own, so that later requests skip the sign-in. */
  readonly remember: boolean;
  readonly rememberForSeconds: number;
  /** The methods by which they have proved who they are, by their names on the wire. */
  readonly amr: readonly string[];
  /** How sure that makes it: `aal1` or `aal2`; only where the configuration wants it told. */
  readonly acr?: string;
}

/**
 * An OAuth 2.0 authorization server that this server signs people in for. It sends browsers here with a challenge, and
 * flows ask it two things. What it refuses, and that it does not answer, is thrown as a problem (`problems.ts`).
 */
export interface AuthorizationServer {
  /** Who wants this sign-in? */
  getLoginRequest(ctx: Context, challenge: string): Promise<LoginRequest>;
  /** This person has signed in. Yields where their browser goes on. */
  acceptLogin(ctx: Context, challenge: string, login: AcceptedLogin): Promise<string>;
}
