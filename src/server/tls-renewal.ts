import { X509Certificate } from "node:crypto";
import { watchFiles } from "../config/watch-files.ts";
import type { ConfigStore } from "../config/watch.ts";
import type { Log } from "../log.ts";
import { readTls, tlsFiles } from "./tls-pair.ts";
import type { TlsPair } from "./tls-pair.ts";

const none = Buffer.alloc(0);

const isSame = (a: TlsPair, b: TlsPair): boolean =>
  a.key.equals(b.key) && a.cert.equals(b.cert) && (a.clientCa ?? none).equals(b.clientCa ?? none);

/** What follows a certificate. */
export interface TlsRenewalOptions {
  readonly port: "public" | "admin";
  readonly store: ConfigStore;
  readonly log: Log;
  /** What the port shows now. */
  readonly shown: TlsPair;
  renew(pair: TlsPair): void;
}

/**
 * Renews a port's certificate when its files or the configuration change; answers with the way to stop that. What cannot be
 * used is told once, and the last good one stays: of two files that change one after the other, the first fits not yet.
 */
export function followTls({ port, store, log, shown, renew }: TlsRenewalOptions): () => void {
  let current = shown;
  let told: string | undefined;
  let files: string[] = [];
  let unwatch = (): void => undefined;

  function refresh(): void {
    const { tls } = store.current().serve[port];
    if (!tls) return;
    try {
      const pair = readTls(port, tls);
      told = undefined;
      if (isSame(pair, current)) return;
      renew((current = pair));
      log.info("a new certificate is in use", { port, until: new Date(new X509Certificate(pair.cert).validTo) });
    } catch (error) {
      const reason = (error as Error).message;
      if (reason !== told) log.error("the new certificate is refused, the last good one stays", { port, reason });
      told = reason;
    }
  }

  function follow(): void {
    const wanted = tlsFiles(store.current().serve[port].tls);
    if (wanted.join("\0") === files.join("\0")) return;
    unwatch();
    files = wanted;
    unwatch = watchFiles(wanted, refresh);
  }

  follow();
  const unlisten = store.onChange(() => {
    refresh();
    follow();
  });
  return () => {
    unlisten();
    unwatch();
  };
}
