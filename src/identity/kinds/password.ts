import type { Context } from "../../context.ts";
import { checkHash, createHash, maxPasswordBytes } from "../../crypto/hash.ts";
import { forgetPasswordGuesses } from "../../throttle/password-guess.ts";
import type { CredentialConfig, CredentialKind, ImportPurpose } from "./kind.ts";
import { refuse } from "./refuse.ts";

interface PasswordImport {
  readonly password?: string;
  readonly hashed_password?: string;
  readonly use_password_migration_hook?: boolean;
}

/** A password, stored as its hash; or the promise that a hook knows it, which is kept as it comes: no method asks a hook yet. */
export const password: CredentialKind<PasswordImport> = {
  first: {
    holds: ({ config, identifiers }) => identifiers.length > 0 && Boolean(config["hashed_password"]),
    offered: (methods) => methods.password.enabled,
  },
  naming: { from: "traits", names: (named) => named.password },
  importing: {
    accept: acceptPassword,
    store: (given) => (Object.keys(given).length > 0 ? { identifiers: [], config: { ...given } } : undefined),
  },
  judge: assertHash,
  remove: ({ identifiers }) => ({ identifiers, config: {} }),
  // Whoever guessed at a password that is no longer has learnt nothing of the new one.
  changed: (tx, { identifiers }) => forgetPasswordGuesses(tx, identifiers),
};

/** A password that no hash can be made to fit would lock its owner out. */
function assertHash({ hashed_password: hash }: CredentialConfig): void {
  if (hash === undefined || hash === "") return;
  if (typeof hash !== "string") throw refuse("The member hashed_password must be a string.");
  const verdict = checkHash(hash);
  if (!verdict.ok) throw refuse(`The password hash is invalid: ${verdict.reason}.`);
}

/** A password that was brought along, as its hash. Takes as long as hashing takes. */
async function acceptPassword(
  { config: { hashers } }: Context,
  given: PasswordImport,
  { judgeOnly }: ImportPurpose,
): Promise<PasswordImport> {
  if (given.use_password_migration_hook) {
    if (given.password || given.hashed_password) throw refuse("Give either a password or a password hook, not both.");
    return { use_password_migration_hook: true };
  }
  // A hash that is there wins: it says what the password has been so far.
  if (given.hashed_password) {
    const verdict = checkHash(given.hashed_password);
    if (!verdict.ok) throw refuse(`The password hash cannot be imported: ${verdict.reason}.`);
    return { hashed_password: given.hashed_password };
  }
  if (!given.password) throw refuse("A password import requires a password, a hash or a hook.");
  if (Buffer.byteLength(given.password) > (maxPasswordBytes(hashers) ?? Number.POSITIVE_INFINITY))
    throw refuse("The password is too long for the hash algorithm.");
  return { hashed_password: judgeOnly ? "" : await createHash(given.password, hashers) };
}
