import { acceptKeys, judgeKeys, keyIds, keysIn } from "./keys.ts";
import type { KeysImport } from "./keys.ts";
import type { CredentialKind } from "./kind.ts";
import { refuse } from "./refuse.ts";

/** Passkeys. They are found by the handle that authenticators remember. */
export const passkey: CredentialKind<KeysImport> = {
  first: { holds: ({ config }) => keysIn(config).length > 0, offered: (methods) => methods.passkey.enabled },
  importing: { accept: acceptKeys, store: (given) => ({ identifiers: [handleOf(given)], config: { ...given } }) },
  judge: judgeKeys,
  keyIds,
};

function handleOf({ user_handle, credentials }: KeysImport): string {
  if (credentials.length === 0) throw refuse("A passkey import has no keys.");
  if (!user_handle) throw refuse("A passkey import has no user handle.");
  return Buffer.from(user_handle, "base64").toString();
}
