import { failure, info } from "../../ui/message.ts";

/** The field for the code of an authenticator app, at sign-in. */
export const totpCodeLabel = () => info(1010006, "Code of your authenticator app");
/** The button that signs in by an authenticator app. */
export const useTotp = () => info(1010009, "Use the authenticator app");
/** The button that gives an authenticator app up. */
export const unlinkTotp = () => info(1050004, "Remove the authenticator app");
/** The picture that an authenticator app scans. */
export const totpQrLabel = () => info(1050005, "QR code for your authenticator app");
/** The secret of an authenticator app, to be typed where nothing can be scanned. */
export const totpSecret = (secret: string) => info(1050006, secret, { secret });
/** What the secret of an authenticator app is for. */
export const totpSecretLabel = () =>
  info(1050017, "The secret for your authenticator app, if it cannot scan the picture");
/** The field for the code that proves an authenticator app to be set up. */
export const totpVerifyLabel = () => info(1070006, "Code that the app shows");
/** The code of an authenticator app is wrong. */
export const wrongTotp = () => failure(4000008, "This code is not, or no longer, the right one. Wait for the next.");
/** The code of an authenticator app was used before. Kratos has no id for it, since codes work there as long as they show. */
export const spentTotp = () => failure(4009008, "This code has been used already. Wait for the next.");
/** There is no authenticator app to sign in by. */
export const noTotp = () => failure(4000011, "You have no authenticator app set up.");
