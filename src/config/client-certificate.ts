import { readFileSync } from "node:fs";
import { createSecureContext } from "node:tls";

/** Where the certificate by which a mail server knows this one is, and its key. */
interface Place {
  readonly client_cert_path: string;
  readonly client_key_path: string;
}

/** What is wrong with a certificate for a mail server. Nothing is, where there is none. */
export function faultOfClientCertificate({ client_cert_path: cert, client_key_path: key }: Place): string | undefined {
  if (!cert && !key) return undefined;
  if (!cert || !key) return "needs both client_cert_path and client_key_path";
  try {
    createSecureContext({ cert: readFileSync(cert), key: readFileSync(key) });
    return undefined;
  } catch (error) {
    return `has a client certificate that cannot be used: ${(error as Error).message}`;
  }
}
