import { failure, info } from "../../ui/message.ts";

/** The field for the code of an authenticator app, at sign-in. */
export const totpCodeLabel = () => info(1010006, "Code from your authenticator app");
/** The button that signs in by an authenticator app. */
export const useTotp = () => info(1010009, "Use your authenticator app");
/** The button that gives an authenticator app up. */
export const unlinkTotp = () => info(1050004, "Remove your authenticator app");
/** The picture that an authenticator app scans. */
export const totpQrLabel = () => info(1050005, "QR code for your authenticator app");
/** The secret of an authenticator app, to be typed where nothing can be scanned. */
export const totpSecret = (secret: string) => info(1050006, secret, { secret });
/** What the secret of an authenticator app is for. */
export const totpSecretLabel = () =>
  info(1050017, "Unable to scan the QR code? Enter this key in your authenticator app.");
/** The field for the code that proves an authenticator app to be set up. */
export const totpVerifyLabel = () => info(1070006, "Code shown in your authenticator app");
/** The code of an authenticator app is wrong. */
export const wrongTotp = () => failure(4000008, "This code is incorrect or has expired. Enter the current one.");
/** The code of an authenticator app was used before. Kratos has no id for it, since codes work there as long as they show. */
export const spentTotp = () => failure(4009008, "You have already used this code. Wait for the next one.");
/** There is no authenticator app to sign in by. */
export const noTotp = () => failure(4000011, "You have not set up an authenticator app.");
