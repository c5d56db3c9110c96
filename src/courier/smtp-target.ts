import { readFileSync } from "node:fs";
import { isIP } from "node:net";
import type { ConnectionOptions } from "node:tls";
import { readBoolean } from "../text/boolean.ts";
import type { SmtpConfig } from "../config/outgoing-config.ts";
import { readSmtpUri } from "../config/smtp-uri.ts";

/** Where mail goes, and how safely. */
export interface SmtpTarget {
  readonly host: string;
  readonly port: number;
  /** TLS from the first byte. */
  readonly secure: boolean;
  /** Refuses to go on without STARTTLS. */
  readonly requireTLS: boolean;
  readonly ignoreTLS: boolean;
  readonly auth?: { readonly user: string; readonly pass: string };
  readonly tls: ConnectionOptions;
}

const defaultPorts = { smtp: 587, smtps: 465 };

/** Reads the address of the mail server and what its query asks for. STARTTLS is a must unless it is switched off. */
export function smtpTarget({
  connection_uri: uri,
  client_cert_path: cert,
  client_key_path: key,
}: SmtpConfig): SmtpTarget {
  const { host, port, secure: byScheme, login, options } = readSmtpUri(uri!);
  const asks = (name: string) => readBoolean(options.get(name) ?? "") ?? false;
  // legacy_ssl is an old name for what smtps:// says.
  const secure = byScheme || asks("legacy_ssl");
  const ignoreTLS = !secure && asks("disable_starttls");
  // TLS names no addresses (RFC 6066 3).
  const servername = options.get("server_name") ?? (isIP(host) ? undefined : host);
  return {
    host,
    port: port ?? (secure ? defaultPorts.smtps : defaultPorts.smtp),
    secure,
    requireTLS: !secure && !ignoreTLS,
    ignoreTLS,
    ...(login && { auth: { user: login.user, pass: login.password } }),
    tls: {
      ...(servername && { servername }),
      rejectUnauthorized: !asks("skip_ssl_verify"),
      minVersion: "TLSv1.2",
      ...(cert && key && { cert: readFileSync(cert), key: readFileSync(key) }),
    },
  };
}
