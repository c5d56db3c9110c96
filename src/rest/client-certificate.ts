import type { TLSSocket } from "node:tls";

/** The certificate of a client, which an authority that the port trusts has signed. */
export interface ClientCertificate {
  /** SHA-256 of the whole, in hex. */
  readonly fingerprint: string;
  /** The parts of its subject, such as `CN=ci`. */
  readonly subject: readonly string[];
}

/** The certificate by which the client of a request is known; undefined where it has shown none that is trusted. */
export function clientCertificateOf(req: { readonly socket: object }): ClientCertificate | undefined {
  const socket = req.socket as Partial<TLSSocket>;
  // Only TLS that asks for certificates says so of any.
  if (socket.authorized !== true) return undefined;
  const certificate = socket.getPeerX509Certificate?.();
  return (
    certificate && {
      fingerprint: certificate.fingerprint256.replaceAll(":", "").toLowerCase(),
      subject: certificate.subject.split("\n"),
    }
  );
}
