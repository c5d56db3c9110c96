import { failure, info } from "../../ui/message.ts";
import type { Message } from "../../ui/message.ts";

const unix = (time: Date) => Math.floor(time.getTime() / 1000);

/** The field for a backup code, at sign-in. */
export const lookupSecretLabel = () => info(1010007, "Backup code");
/** The button that signs in by a backup code. */
export const useLookupSecret = () => info(1010010, "Use a backup code");
/** The button that shows backup codes. */
export const revealLookupSecrets = () => info(1050007, "Show backup codes");
/** The button that makes new backup codes. */
export const regenerateLookupSecrets = () => info(1050008, "Generate new backup codes");
/** One backup code. */
export const lookupSecret = (secret: string) => info(1050009, secret, { secret });
/** What a list of backup codes is. */
export const lookupSecretsLabel = () => info(1050010, "Save these backup codes. Each one works once.");
/** The button that puts new backup codes into force. */
export const confirmLookupSecrets = () => info(1050011, "I have saved these codes");
/** A backup code that has been used, in the place where it stood. */
export const lookupSecretUsed = (at: Date) =>
  info(1050014, `Used on ${at.toISOString().slice(0, 10)}`, { used_at: at.toISOString(), used_at_unix: unix(at) });
/** A list of backup codes. */
export const lookupSecrets = (secrets: readonly Message[]) =>
  info(1050015, secrets.map(({ text }) => text).join(", "), { secrets });
/** The button that discards backup codes. */
export const disableLookupSecrets = () => info(1050016, "Turn off backup codes");
/** A backup code was used before. */
export const lookupSecretSpent = () =>
  failure(4000012, "You have already used this backup code. Enter a different one.");
/** There are no backup codes to sign in by. */
export const noLookupSecrets = () => failure(4000014, "You have not set up backup codes.");
/** A backup code is none of the account's. */
export const wrongLookupSecret = () => failure(4000016, "This backup code is incorrect.");
