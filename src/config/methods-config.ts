import type { OutgoingAuth } from "./outgoing-config.ts";

/** One section per authentication method. */
export interface MethodsConfig {
  readonly password: { readonly enabled: boolean; readonly config: PasswordConfig };
  readonly profile: { readonly enabled: boolean };
  readonly code: {
    readonly enabled: boolean;
    readonly passwordless_enabled: boolean;
    readonly mfa_enabled: boolean;
    readonly mfa_channels: readonly ("email" | "sms")[];
    readonly config: {
      readonly lifespan: number;
      readonly max_submissions: number;
      readonly max_submissions_per_address: number;
      readonly throttle: { readonly at_once: number; readonly per_hour: number; readonly in_a_row: number };
      readonly missing_credential_fallback_enabled: boolean;
    };
  };
  readonly link: {
    readonly enabled: boolean;
    readonly config: { readonly base_url?: string; readonly lifespan: number };
  };
  readonly totp: { readonly enabled: boolean; readonly config: { readonly issuer?: string } };
  readonly lookup_secret: { readonly enabled: boolean };
  readonly webauthn: { readonly enabled: boolean; readonly config: WebauthnConfig };
  readonly passkey: { readonly enabled: boolean; readonly config: PasskeyConfig };
  readonly oidc: { readonly enabled: boolean; readonly config: OidcConfig };
  readonly b2b: { readonly config: { readonly organizations: readonly OrganizationConfig[] } };
}

/** What a password must be, and how foreign passwords move in. */
export interface PasswordConfig {
  readonly haveibeenpwned_host: string;
  readonly haveibeenpwned_enabled: boolean;
  readonly max_breaches: number;
  readonly ignore_network_errors: boolean;
  readonly min_password_length: number;
  readonly identifier_similarity_check_enabled: boolean;
  readonly throttle: {
    readonly enabled: boolean;
    readonly per_account: { readonly at_once: number; readonly per_hour: number; readonly in_a_row: number };
    readonly per_client: { readonly at_once: number; readonly per_hour: number };
  };
  readonly migrate_hook: {
    readonly enabled: boolean;
    readonly config: {
      readonly url?: string;
      readonly method: "POST";
      readonly headers: Readonly<Record<string, string>>;
      readonly emit_analytics_event: boolean;
      readonly auth?: OutgoingAuth;
      readonly body?: string;
    };
  };
}

/** Security keys. */
export interface WebauthnConfig {
  readonly passwordless: boolean;
  readonly rp?: {
    readonly id: string;
    readonly display_name: string;
    readonly origin?: string;
    readonly origins: readonly string[];
  };
}

/** Passkeys. */
export interface PasskeyConfig {
  readonly rp?: { readonly id: string; readonly display_name: string; readonly origins: readonly string[] };
  readonly authenticator_selection: {
    readonly attachment?: "platform" | "cross-platform";
    readonly resident_key: "required" | "preferred" | "discouraged";
    readonly user_verification: "required" | "preferred" | "discouraged";
  };
  readonly attestation: { readonly preference: "none" | "indirect" | "direct" | "enterprise" };
  readonly timeouts: { readonly registration?: number; readonly login?: number };
}

/** Sign-in with other identity providers. */
export interface OidcConfig {
  readonly base_redirect_uri?: string;
  readonly providers: readonly OidcProviderConfig[];
}

/** One identity provider. */
export interface OidcProviderConfig {
  readonly id: string;
  readonly provider: string;
  readonly label?: string;
  readonly client_id: string;
  readonly client_secret?: string;
  readonly issuer_url?: string;
  readonly auth_url?: string;
  readonly token_url?: string;
  readonly mapper_url: string;
  readonly scope: readonly string[];
  readonly microsoft_tenant?: string;
  readonly subject_source: "userinfo" | "me" | "oid";
  readonly apple_team_id?: string;
  readonly apple_private_key_id?: string;
  readonly apple_private_key?: string;
  readonly requested_claims?: Readonly<Record<string, unknown>>;
  readonly organization_id?: string;
  readonly additional_id_token_audiences: readonly string[];
  readonly aal2_acr_values: readonly string[];
  readonly aal2_amr_values: readonly string[];
  readonly claims_source: "id_token" | "userinfo";
  readonly pkce: "auto" | "never" | "force";
  readonly fedcm_config_url?: string;
  readonly net_id_token_origin_header?: string;
  readonly account_linking_mode: "confirm_with_existing_credential" | "automatic";
  readonly update_identity_on_login: "never" | "automatic";
}

/** An organization whose members sign in at their own provider. */
export interface OrganizationConfig {
  readonly id?: string;
  readonly label?: string;
  readonly domains: readonly string[];
  readonly session_lifespan?: number;
}
