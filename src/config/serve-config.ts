/** The two doors of the server. */
export interface ServeConfig {
  readonly public: ListenerConfig & {
    readonly cors: CorsConfig;
    /** The most bytes of a body, or of a message of the other protocols. */
    readonly max_body_bytes: number;
  };
  readonly admin: ListenerConfig;
  readonly trusted_proxies: TrustedProxiesConfig;
  /** How the server goes. In milliseconds. */
  readonly shutdown: { readonly lame_duck: number; readonly timeout: number };
}

/** Whose word on the address of a client is taken. */
export interface TrustedProxiesConfig {
  /** IP addresses, networks in CIDR notation, and `unix`; undefined where nobody has named any. */
  readonly networks: readonly string[] | undefined;
  readonly header: string;
}

/** One listener. */
export interface ListenerConfig {
  /** How clients reach it; absolute, ends in a slash. */
  readonly base_url: string;
  /** The same for links in messages: what they carry is worth the more care for whose word is taken. */
  readonly message_url: string;
  /** Whether it is only where the server listens, since nobody has said how clients reach it. */
  readonly derived: boolean;
  /** An address, or `unix:/path` for a socket. */
  readonly host: string;
  readonly port: number;
  readonly socket: { readonly owner: string; readonly group: string; readonly mode: number };
  readonly tls?: { readonly key: TlsSource; readonly cert: TlsSource };
  readonly request_log: { readonly disable_for_health: boolean };
}

/** A PEM document: a file, or the document itself in base64. */
export type TlsSource = { readonly path: string } | { readonly base64: string };

/** Which other origins may call the public API from a browser. */
export interface CorsConfig {
  readonly enabled: boolean;
  readonly allowed_origins: readonly string[];
  readonly allowed_methods: readonly string[];
  readonly allowed_headers: readonly string[];
  readonly exposed_headers: readonly string[];
  readonly allow_credentials: boolean;
  readonly options_passthrough: boolean;
  /** In seconds, as the header has it. */
  readonly max_age: number;
  readonly debug: boolean;
}
