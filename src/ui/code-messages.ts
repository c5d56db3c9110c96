import { failure, info, success } from "./message.ts";

const unix = (time: Date) => Math.floor(time.getTime() / 1000);
const expiry = (time: Date) => ({ expired_at: time.toISOString(), expired_at_unix: unix(time) });

/** That a code to sign in with is on its way, to an address that was typed: nothing says whether anybody has it. */
export const loginCodeSent = () => info(1010014, "If an account uses this address, we have sent a sign-in code to it.");
/** The button that asks for a code to sign in with. */
export const sendLoginCode = () => info(1010015, "Send me a sign-in code");
/** The button that asks for a code to one of one's own addresses. */
export const sendCodeTo = (address: string, channel: string) =>
  info(1010023, `Send a code to ${address}`, { address, channel });
/** That a code is on its way to an address of the person who is signed in. */
export const ownCodeSent = () => info(1010025, "Enter the code we sent you to continue.");
/** That a code to finish the sign-up with is on its way. */
export const registrationCodeSent = () => info(1040005, "Enter the code we sent you to finish signing up.");
/** The button that asks for a code to sign up with. */
export const sendRegistrationCode = () => info(1040006, "Send me a sign-up code");
/** What settings greet a person with who has just got back in, and until when that suffices to change everything. */
export const recovered = (until: Date) => {
  const at = until.toISOString();
  return success(1060001, "You have regained access. Set a new password or another way to sign in.", {
    privilegedSessionExpiresAt: at,
    privileged_session_expires_at: at,
    privileged_session_expires_at_unix: unix(until),
  });
};
/** That a link to get back in by is on its way, if anybody has the address. */
export const recoveryLinkSent = () =>
  info(1060002, "If an account uses this address, we have sent a recovery link to it.");
/** That a code to get back in by is on its way, if anybody has the address. */
export const recoveryCodeSent = () =>
  info(1060003, "If an account uses this address, we have sent a recovery code to it.");
/** The same, where the person chose an address that is shown to them in part. */
export const recoveryCodeSentTo = (masked_address: string) =>
  info(1060004, `If the address is correct, we have sent a recovery code to ${masked_address}.`, { masked_address });
/** Asks for the chosen address in full, which proves that the person knows it. */
export const typeAddressInFull = () => info(1060005, "Enter the full address to receive a code there.");
/** Asks for the address to get back in by. */
export const chooseAddress = () => info(1060006, "Choose where to send the recovery code.");
/** The button that leads from one step of getting back in to the one before. */
export const recoveryBack = () => info(1060007, "Back");
/** The button of an address, shown in part. */
export const maskedLabel = (text: string) => info(1070000, text);
/** What the field is called that takes an e-mail address. */
export const emailLabel = () => info(1070007, "Email");
/** The button that asks for another code. */
export const resendLabel = () => info(1070008, "Send a new code");
/** What the field is called that takes a code to get back in by. */
export const recoveryCodeLabel = () => info(1070010, "Recovery code");
/** What the field is called that takes a code to verify an address by. */
export const verificationCodeLabel = () => info(1070011, "Verification code");
/** What the field is called that takes a code to sign up with. */
export const registrationCodeLabel = () => info(1070012, "Sign-up code");
/** What the field is called that takes a code to sign in with. */
export const loginCodeLabel = () => info(1070013, "Sign-in code");
/** What the field is called that takes any address to get back in by. */
export const recoveryAddressLabel = () => info(1070016, "Recovery address");
/** What the field is called that takes a phone number. */
export const phoneLabel = () => info(1070017, "Phone number");
/** What the field is called that takes an e-mail address or a phone number. */
export const emailOrPhoneLabel = () => info(1070018, "Email or phone number");
/** That a link to verify an address by is on its way, if anybody has the address. */
export const verificationLinkSent = () =>
  info(1080001, "If an account uses this address, we have sent a verification link to it.");
/** That the address is verified. */
export const emailVerified = () => success(1080002, "Your email address is verified.");
/** That a code to verify an address by is on its way, if anybody has the address. */
export const verificationCodeMailed = () =>
  info(1080003, "If an account uses this address, we have sent a verification code to it.");
/** The same, for a phone number. */
export const verificationCodeTexted = () =>
  info(1080004, "If an account uses this number, we have sent a verification code to it.");
/** That the phone number is verified. */
export const phoneVerified = () => success(1080005, "Your phone number is verified.");
/** That nobody of this name can sign in by code. */
export const noCodeLogin = () => failure(4000035, "We could not find an account that can sign in with a code here.");
/** That the profile differs from the one that the code was asked for with. */
export const traitsChanged = () =>
  failure(4000036, "Your details have changed since we sent the code. Request a new code.");
/** That the address of the account has to be verified before it signs in. */
export const addressNotVerified = () => failure(4000010, "Verify your address before you sign in.");
/** That a code to sign in with is wrong, was used, or has run out. */
export const loginCodeInvalid = () => failure(4010008, "This code is incorrect or no longer valid. Try again.");
/** That a code was asked for at an address that is not the account's. */
export const addressUnknown = () => failure(4010010, "This address does not belong to your account.");
/** That a code to sign up with is wrong, was used, or has run out. */
export const registrationCodeInvalid = () => failure(4040003, "This code is incorrect or no longer valid. Try again.");
/** That a change brings more than one new address. */
export const tooManyAddressChanges = () => failure(4050002, "Change one address at a time.");
/** That this run of getting back in is over, by its success. */
export const recoveryDone = () =>
  failure(4060001, "You have already completed this recovery. Start again if you still need access.");
/** That this run of getting back in cannot go on. */
export const recoveryBroken = () => failure(4060002, "We could not complete the recovery. Start again.");
/** That a link to get back in by is wrong, was used, or has run out. */
export const recoveryLinkInvalid = () =>
  failure(4060004, "This link is incorrect or no longer valid. Request a new one.");
/** That the time to get back in by a flow is over. */
export const recoveryFlowExpired = (at: Date) => failure(4060005, "This page has expired. Start again.", expiry(at));
/** That a code to get back in by is wrong, was used, or has run out. */
export const recoveryCodeInvalid = () => failure(4060006, "This code is incorrect or no longer valid. Try again.");
/** That a link to verify an address by is wrong, was used, or has run out. */
export const verificationLinkInvalid = () =>
  failure(4070001, "This link is incorrect or no longer valid. Request a new one.");
/** That this verification is over, by its success. */
export const verificationDone = () => failure(4070002, "You have already completed this verification.");
/** That this verification cannot go on. */
export const verificationBroken = () => failure(4070003, "We could not complete the verification. Start again.");
/** That the time to verify an address by a flow is over. */
export const verificationFlowExpired = (at: Date) =>
  failure(4070005, "This page has expired. Start again.", expiry(at));
/** That a code to verify an address by is wrong, was used, or has run out. */
export const verificationCodeInvalid = () => failure(4070006, "This code is incorrect or no longer valid. Try again.");
/** That a flow of recovery was submitted in a way that it does not know. */
export const noRecoveryStrategy = () => failure(4010005, "This recovery method is not available.");
/** That a flow of verification was submitted in a way that it does not know. */
export const noVerificationStrategy = () => failure(4010006, "This verification method is not available.");
