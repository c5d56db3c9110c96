import type { Config } from "./config.ts";

/** The two doors of the server. */
export type ServeConfig = Config["serve"];

/** Whose word on the address of a client is taken. */
export type TrustedProxiesConfig = ServeConfig["trusted_proxies"];

/** What both doors have. */
export type ListenerConfig = Omit<ServeConfig["admin"], "authentication">;

/** A PEM document: a file, or the document itself in base64. */
export type TlsSource = NonNullable<ListenerConfig["tls"]>["key"];
