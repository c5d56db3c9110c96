import { createPrivateKey, createPublicKey, createHash, sign as signBytes } from "node:crypto";
import { globSync } from "node:fs";
import { join } from "node:path";
import { sha256Of } from "./digest.ts";

const payloadType = "application/vnd.in-toto+json";

/** What a release is made of. */
export interface Source {
  readonly commit: string;
  /** When the commit was made, in seconds. */
  readonly time: number;
  readonly version: string;
}

/** How a release is made. */
export interface Making {
  /** The folder with its files. */
  readonly out: string;
  readonly source: Source;
  readonly platforms: readonly string[];
  readonly snapshot: boolean;
  readonly builder?: string | undefined;
}

/** What an in-toto statement says, as far as it is read here. */
export interface Statement {
  readonly subject: readonly { readonly name: string; readonly digest: { readonly sha256: string } }[];
  readonly [key: string]: unknown;
}

/** What was made of what, and how: an in-toto statement with SLSA's provenance, version 1. It names no time and no machine, so that whoever makes the release again makes the same. */
export function makeStatement(
  root: string,
  { out, source, platforms, snapshot, builder = "urn:ostiary:builder:unnamed" }: Making,
): Statement {
  const digest = (file: string) => ({ sha256: sha256Of(file) });
  return {
    _type: "https://in-toto.io/Statement/v1",
    subject: globSync("*", { cwd: out })
      .toSorted()
      .map((name) => ({ name, digest: digest(join(out, name)) })),
    predicateType: "https://slsa.dev/provenance/v1",
    predicate: {
      buildDefinition: {
        buildType: "urn:ostiary:release:v1",
        externalParameters: { version: source.version, platforms, snapshot },
        internalParameters: { node: process.version },
        resolvedDependencies: [
          { name: "source", digest: { gitCommit: source.commit } },
          { name: "package-lock.json", digest: digest(join(root, "package-lock.json")) },
        ],
      },
      runDetails: { builder: { id: builder } },
    },
  };
}

/** The statement in an envelope (DSSE), signed by a private key (Ed25519, or ECDSA by SHA-256) in PEM. */
export function sign(statement: Statement, pem: string) {
  const key = createPrivateKey(pem);
  const payload = Buffer.from(JSON.stringify(statement));
  const signed = Buffer.concat([
    Buffer.from(`DSSEv1 ${payloadType.length} ${payloadType} ${payload.length} `),
    payload,
  ]);
  const keyid = createHash("sha256")
    .update(createPublicKey(key).export({ type: "spki", format: "der" }))
    .digest("hex");
  const sig = signBytes(key.asymmetricKeyType === "ed25519" ? null : "sha256", signed, key).toString("base64");
  return { payloadType, payload: payload.toString("base64"), signatures: [{ keyid, sig }] };
}
