import { randomBytes } from "node:crypto";

/** The ways to sign in that a new configuration can have. */
export const signInWays = ["password", "passkey", "code"] as const;

/** A way to sign in. */
export type SignInWay = (typeof signInWays)[number];

/** What a new configuration is made of. */
export interface Wishes {
  readonly name: string;
  /** Where browsers will reach the server; it ends in a slash. */
  readonly url: URL;
  readonly ways: readonly SignInWay[];
  readonly database: string;
  /** The schema's file as the server finds it. */
  readonly schemaUrl: string;
}

const quoted = (text: string): string => JSON.stringify(text);
const secret = (bytes: number): string => randomBytes(bytes).toString("hex");

/** A configuration that a server starts with at once. */
export function configurationFor({ name, url, ways, database, schemaUrl }: Wishes): string {
  const has = (way: SignInWay) => ways.includes(way);
  const session = "{ hooks: [{ hook: session }, { hook: show_verification_ui }] }";
  return `# ${name.replaceAll(/\s+/g, " ")}: every key is described in docs/reference/config.md. \`ostiary doctor -c\` examines this file.
dsn: ${quoted(database)}
identity:
  default_schema_id: person
  schemas:
    - { id: person, url: ${quoted(schemaUrl)} }
serve:
  public: { base_url: ${quoted(url.href)} }
  # Whoever reaches this port is an administrator: keep it to this machine, or set authentication.required.
  admin: { host: 127.0.0.1 }
# Made for you alone: keep them, and keep them secret. New ones go first.
secrets:
  cookie: [${secret(32)}]
  cipher: [${secret(16)}]
ciphers: { algorithm: xchacha20-poly1305 }
hashers: { algorithm: argon2, argon2: { memory: 19MB, iterations: 2, parallelism: 1 } }
courier:
  # Without a mail server, messages are read at /ui/inbox while you develop (--dev).
  smtp: { from_name: ${quoted(name)}, from_address: no-reply@${isDomain(url.hostname) ? url.hostname : "example.org"} }
  # smtp: { connection_uri: smtp://user:password@mail.example.org:587/ }
selfservice:
  default_browser_return_url: ${quoted(new URL("ui/welcome", url).href)}
  allowed_return_urls: [${quoted(url.origin)}]
  methods:
    password: { enabled: ${has("password")} }
    code: { enabled: true, passwordless_enabled: ${has("code")} }
    passkey:
      enabled: ${has("passkey")}
      config: { rp: { id: ${quoted(url.hostname)}, display_name: ${quoted(name)}, origins: [${quoted(url.origin)}] } }
    totp: { enabled: true, config: { issuer: ${quoted(name)} } }
    lookup_secret: { enabled: true }
  flows:
    recovery: { enabled: true, use: code }
    verification: { enabled: true, use: code }
    registration:
      after:
        password: ${session}
        passkey: ${session}
        code: { hooks: [{ hook: session }] }
`;
}

/** What is known of people: an address that they sign in by, and a name. */
export function schemaFor({ name, ways }: Pick<Wishes, "name" | "ways">): string {
  const credentials = {
    ...(ways.includes("password") && { password: { identifier: true } }),
    ...(ways.includes("code") && { code: { identifier: true, via: "email" } }),
    ...(ways.includes("passkey") && { passkey: { display_name: true } }),
  };
  const email = {
    type: "string",
    format: "email",
    title: "E-mail",
    maxLength: 320,
    "ory.sh/kratos": { credentials, verification: { via: "email" }, recovery: { via: "email" } },
  };
  const schema = {
    $schema: "http://json-schema.org/draft-07/schema#",
    title: `A person of ${name}`,
    type: "object",
    properties: {
      traits: {
        type: "object",
        properties: { email, name: { type: "string", title: "Name", maxLength: 200 } },
        required: ["email"],
        additionalProperties: false,
      },
    },
  };
  return `${JSON.stringify(schema, null, 2)}\n`;
}

const isDomain = (host: string): boolean => /[a-z]$/i.test(host) && host.includes(".");
