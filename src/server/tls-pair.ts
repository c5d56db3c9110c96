import { readFileSync } from "node:fs";
import { createSecureContext } from "node:tls";
import type { ListenerConfig, TlsSource } from "../config/serve-config.ts";

/** A certificate with those that vouch for it, and its key; both in PEM. */
export interface TlsPair {
  readonly key: Buffer;
  readonly cert: Buffer;
  /** Whose signature on the certificates of clients is trusted; they are asked for one where this is there. */
  readonly clientCa?: Buffer | undefined;
}

/** Reads the certificate and key of a port. Throws, in words for the operator, unless both are good and belong together. */
export function readTls(
  port: "public" | "admin",
  { key, cert, client_ca: ca }: NonNullable<ListenerConfig["tls"]>,
): TlsPair {
  const setting = `serve.${port}.tls`;
  const pair = { key: read(`${setting}.key`, key), cert: read(`${setting}.cert`, cert) };
  if (!accepts({ cert: pair.cert })) throw new Error(`${placeOf(`${setting}.cert`, cert)} is no certificate in PEM.`);
  if (!accepts({ key: pair.key }))
    throw new Error(`${placeOf(`${setting}.key`, key)} is no key in PEM without a password.`);
  if (!accepts(pair))
    throw new Error(`${placeOf(`${setting}.cert`, cert)} does not belong to ${placeOf(`${setting}.key`, key)}.`);
  if (!ca) return pair;
  const clientCa = read(`${setting}.client_ca`, ca);
  if (!accepts({ cert: clientCa })) throw new Error(`${placeOf(`${setting}.client_ca`, ca)} is no certificate in PEM.`);
  return { ...pair, clientCa };
}

/** The files that a port's certificate and key are in. */
export const tlsFiles = (tls: ListenerConfig["tls"]): string[] =>
  tls ? [tls.key, tls.cert, tls.client_ca].flatMap((source) => (source && "path" in source ? [source.path] : [])) : [];

function read(setting: string, source: TlsSource): Buffer {
  if ("base64" in source) return Buffer.from(source.base64, "base64");
  try {
    return readFileSync(source.path);
  } catch (error) {
    throw new Error(`${placeOf(setting, source)} cannot be read (${(error as NodeJS.ErrnoException).code}).`);
  }
}

const placeOf = (setting: string, source: TlsSource): string =>
  "path" in source ? `${setting}.path: ${source.path}` : `${setting}.base64`;

function accepts(parts: Partial<TlsPair>): boolean {
  try {
    createSecureContext(parts);
    return true;
  } catch {
    return false;
  }
}
