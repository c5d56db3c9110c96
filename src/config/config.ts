import type { ClientsConfig, CourierConfig, OAuth2ProviderConfig } from "./outgoing-config.ts";
import type { RequiredAal } from "./required-aal.ts";
import type { SelfserviceConfig } from "./selfservice-config.ts";
import type { ServeConfig } from "./serve-config.ts";

/**
 * The configuration in effect: the tree of kratos.yml with every default filled in. Durations are milliseconds, memory
 * sizes are bytes. What is optional here has no default: it is not set.
 */
export interface Config {
  readonly dsn: string;
  /** Development mode: cookies without `Secure`, lenient about secrets. */
  readonly dev: boolean;
  /** Native flows are taken from browsers too: `DEV_DISABLE_API_FLOW_ENFORCEMENT=true` in the environment, in development mode alone. */
  readonly native_flows_from_browsers: boolean;
  readonly "watch-courier": boolean;
  readonly "sqa-opt-out": boolean;
  readonly "expose-metrics-port": number;
  readonly version?: string;
  /** The operator's own name for this state of the configuration. */
  readonly revision?: string;
  readonly serve: ServeConfig;
  readonly identity: IdentityConfig;
  readonly selfservice: SelfserviceConfig;
  readonly session: SessionConfig;
  readonly secrets: SecretsConfig;
  readonly cookies: CookieConfig;
  readonly hashers: HashersConfig;
  readonly ciphers: { readonly algorithm: "noop" | "aes" | "xchacha20-poly1305" };
  readonly security: {
    readonly account_enumeration: { readonly mitigate: boolean };
    readonly failed_login_alarm: { readonly failures: number; readonly within: number };
    readonly disallow_ref_in_identity_schemas: boolean;
  };
  readonly feature_flags: FeatureFlags;
  readonly database: {
    readonly cleanup: {
      readonly batch_size: number;
      readonly sleep: { readonly tables: number };
      readonly older_than: number;
      readonly messages_older_than: number;
      readonly every?: number;
    };
  };
  readonly log: LogConfig;
  readonly clients: ClientsConfig;
  readonly courier: CourierConfig;
  readonly oauth2_provider: OAuth2ProviderConfig;
  readonly organizations: readonly unknown[];
  readonly enterprise: { readonly identity_schema_fallback_url_template?: string };
  readonly preview: { readonly default_read_consistency_level: "strong" | "eventual" };
  readonly tracing?: TracingConfig;
}

/** Which identity schemas there are, and which one a registration uses unless it says otherwise. */
export interface IdentityConfig {
  readonly default_schema_id: string;
  readonly schemas: readonly IdentitySchemaConfig[];
}

/** One identity schema and where to load it from. */
export interface IdentitySchemaConfig {
  readonly id: string;
  /** `file://`, `http(s)://` or `base64://`; a relative file is relative to the working directory. */
  readonly url: string;
  readonly selfservice_selectable: boolean;
}

/** The same-site rule of a cookie. */
export type SameSite = "Strict" | "Lax" | "None";

/** Sessions: how long they last, how they travel, what /sessions/whoami asks of them. */
export interface SessionConfig {
  readonly lifespan: number;
  readonly earliest_possible_extend?: number;
  readonly rotate_native_tokens: boolean;
  /** The session cookie; what is not set here comes from `cookies`. */
  readonly cookie: CookieConfig & { readonly name: string; readonly persistent: boolean };
  readonly whoami: {
    readonly required_aal: RequiredAal;
    readonly tokenizer: { readonly templates: Readonly<Record<string, TokenizerTemplate>> };
  };
}

/** How a session becomes a JSON Web Token. */
export interface TokenizerTemplate {
  readonly ttl: number;
  readonly jwks_url: string;
  readonly claims_mapper_url?: string;
  readonly subject_source: "id" | "external_id";
}

/** Attributes of the cookies that the server sets. */
export interface CookieConfig {
  readonly domain?: string;
  readonly path: string;
  /** "true" or "false"; not set means: outside development mode. */
  readonly secure?: "true" | "false";
  readonly same_site: SameSite;
}

/** Secrets, newest first: the first one signs and seals, all of them verify and open. */
export interface SecretsConfig {
  readonly default: readonly string[];
  /** Never empty: falls back to `default`, in development mode to a random one. */
  readonly cookie: readonly string[];
  /** Never empty: falls back to `default`, then to `cookie`. */
  readonly pagination: readonly string[];
  readonly cipher: readonly string[];
}

/** How passwords are hashed. */
export interface HashersConfig {
  readonly algorithm: "argon2" | "bcrypt";
  readonly argon2: {
    readonly memory: number;
    readonly iterations: number;
    readonly parallelism: number;
    readonly salt_length: number;
    readonly key_length: number;
    readonly expected_duration: number;
    readonly expected_deviation: number;
    readonly dedicated_memory: number;
  };
  readonly bcrypt: { readonly cost: number };
}

/** Switches between old and new behaviour. */
export interface FeatureFlags {
  readonly cacheable_sessions: boolean;
  readonly cacheable_sessions_max_age?: number;
  readonly use_continue_with_transitions: boolean;
  readonly choose_recovery_address: boolean;
  readonly legacy_continue_with_verification_ui: boolean;
  readonly legacy_require_verified_login_error: boolean;
  readonly faster_session_extend: boolean;
  readonly password_profile_registration_node_group: "password" | "default";
  readonly legacy_oidc_registration_node_group: boolean;
  readonly legacy_allow_insecure_origins: boolean;
  readonly refresh_login_choose_address: boolean;
}

/** How much is logged, and in which shape. */
export interface LogConfig {
  readonly level: "trace" | "debug" | "info" | "warning" | "error" | "fatal" | "panic";
  readonly format: "json" | "text";
  readonly leak_sensitive_values: boolean;
  readonly redaction_text: string;
}

/** Where traces go. */
export interface TracingConfig {
  readonly provider?: "jaeger" | "otel" | "zipkin";
  readonly service_name?: string;
  readonly deployment_environment?: string;
  readonly providers?: Readonly<Record<string, unknown>>;
}
