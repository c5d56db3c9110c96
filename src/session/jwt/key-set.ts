import type { JsonWebKey } from "node:crypto";
import { createBoundedCache } from "../../bounded-cache.ts";
import type { ClientsConfig } from "../../config/outgoing-config.ts";
import { isPrivateJwk, publicJwkOf, readSigningKey } from "../../crypto/jws.ts";
import type { PublicJwk, SigningKey } from "../../crypto/jws.ts";
import { readDocument } from "../../outgoing/document.ts";
import { isObject } from "../../schema/limits.ts";
import { errorMessage } from "../../text/error-message.ts";
import { KeyRefused } from "./template.ts";
import type { Template } from "./template.ts";

/** A key set that is configured (RFC 7517), as it is now. */
export interface KeySet {
  /** The first key in it that can sign; a refusal where there is none that will do. */
  readonly signing: SigningKey | KeyRefused;
  readonly symmetric: boolean;
  /** The public halves of all its keys that sign: of those as well that did so once, or will. */
  readonly published: readonly PublicJwk[];
}

// By their texts, which change when a file does: keys are imported once.
const sets = createBoundedCache<string, KeySet>(500);

/** Reads the key set at an address. Throws where there is none; what is wrong with its keys is said by those who need them. */
export async function keySetAt(url: string, clients: Pick<ClientsConfig, "http">): Promise<KeySet> {
  const text = await readDocument(url, clients);
  return sets.get(text) ?? sets.set(text, readKeySet(text));
}

/** The key by which a template with a key set of its own signs. Throws a KeyRefused where it has none that will do. */
export function signingKeyIn({ signing, symmetric }: KeySet, { allow_symmetric_keys: allowed }: Template): SigningKey {
  if (signing instanceof KeyRefused) throw signing;
  if (symmetric && !allowed)
    throw new KeyRefused("its first key is a shared secret, which allow_symmetric_keys has to allow.");
  return signing;
}

function readKeySet(text: string): KeySet {
  const keys = keysIn(text);
  const first = keys.find(isPrivateJwk);
  return {
    signing: first ? signingBy(first) : new KeyRefused("it has no key that could sign."),
    symmetric: first?.kty === "oct",
    published: keys.flatMap(published),
  };
}

function keysIn(text: string): JsonWebKey[] {
  let set: unknown;
  try {
    set = JSON.parse(text);
  } catch {
    // What the parser says repeats what it was given, which may be a key.
    throw new Error("The key set is no JSON.");
  }
  const keys = isObject(set) ? set["keys"] : undefined;
  if (!Array.isArray(keys)) throw new Error('The document is no key set: it has no list "keys".');
  return keys.filter(isObject).filter(({ use }) => use === undefined || use === "sig") as JsonWebKey[];
}

function signingBy(jwk: JsonWebKey): SigningKey | KeyRefused {
  try {
    return readSigningKey(jwk);
  } catch (error) {
    return new KeyRefused(errorMessage(error));
  }
}

function published(jwk: JsonWebKey): PublicJwk[] {
  if (jwk.kty === "oct") return [];
  try {
    return [publicJwkOf(jwk)];
  } catch {
    // Of a kind that signs nothing here.
    return [];
  }
}
