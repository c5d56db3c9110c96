import { failure, info, success } from "./message.ts";

const unix = (time: Date) => Math.floor(time.getTime() / 1000);
const expiry = (time: Date) => ({ expired_at: time.toISOString(), expired_at_unix: unix(time) });

const keyContext = (display_name: string, added: Date) => ({
  display_name,
  added_at: added.toISOString(),
  added_at_unix: unix(added),
});

/** What somebody is told who submits a form of which there is no need. */
export const alreadySignedIn =
  "Somebody is signed in already. Ask for a new flow with refresh=true to confirm who it is.";

/** Message signInAgain, as its text says. */
export const signInAgain = () => info(1010001, "Sign in");
/** Message reauthenticate, as its text says. */
export const reauthenticate = () => info(1010003, "Confirm that it is you.");
/** Message secondFactorNeeded, as its text says. */
export const secondFactorNeeded = () => info(1010004, "One more step: your second factor.");
/** Message signInWithKey, as its text says. */
export const signInWithKey = () => info(1010008, "Sign in with security key");
/** Message keyReady, as its text says. */
export const keyReady = () => info(1010012, "Have your security key at hand, then continue.");
/** Message continueWithKey, as its text says. */
export const continueWithKey = () => info(1010013, "Continue");
/** Message signInWithPasskey, as its text says. */
export const signInWithPasskey = () => info(1010021, "Sign in with passkey");
/** Message signInWithPassword, as its text says. */
export const signInWithPassword = () => info(1010022, "Sign in with password");
/** Message signUp, as its text says. */
export const signUp = () => info(1040001, "Sign up");
/** Message signUpWithKey, as its text says. */
export const signUpWithKey = () => info(1040004, "Sign up with security key");
/** Message signUpWithPasskey, as its text says. */
export const signUpWithPasskey = () => info(1040007, "Sign up with passkey");
/** Message back, as its text says. */
export const back = () => info(1040008, "Back");
/** Message chooseCredential, as its text says. */
export const chooseCredential = () => info(1040009, "Choose what you want to sign in with.");
/** Message addKey, as its text says. */
export const addKey = () => info(1050012, "Add security key");
/** Message keyName, as its text says. */
export const keyName = () => info(1050013, "What you call the key");
/** Message removeKey, as its text says. */
export const removeKey = (name: string, added: Date) =>
  info(1050018, `Remove security key ${JSON.stringify(name)}`, keyContext(name, added));
/** Message addPasskey, as its text says. */
export const addPasskey = () => info(1050019, "Add passkey");
/** Message removePasskey, as its text says. */
export const removePasskey = (name: string, added: Date) =>
  info(1050020, name ? `Remove passkey ${JSON.stringify(name)}` : "Remove passkey", keyContext(name, added));
/** Message passwordLabel, as its text says. */
export const passwordLabel = () => info(1070001, "Password");
/** Message generatedLabel, as its text says. */
export const generatedLabel = (title: string, name: string) => info(1070002, title, { title, name });
/** Message identifierLabelMessage, as its text says. */
export const identifierLabelMessage = () => info(1070004, "ID");
/** Message continueLabel, as its text says. */
export const continueLabel = () => info(1070009, "Continue");

/** The account is as it was submitted. */
export const saved = () => success(1050001, "Your changes are saved.");
/** The button that saves a part of the settings. */
export const save = () => info(1070003, "Save");
/** A new password is the old one. */
export const passwordUnchanged = () => failure(4000039, "This is the password that you have already.");
/** A settings flow that has run out, in the one that takes its place. */
export const settingsFlowExpired = (at: Date) => failure(4050001, "That took too long. Please begin again.", expiry(at));
/** The submission names no method that settings know. */
export const noSettingsStrategy = () => failure(4010004, "There is no such setting.");

/** Message invalidSubmission, as its text says. */
export const invalidSubmission = (reason: string) => failure(4000001, reason, { reason });
/** Message propertyMissing, as its text says. */
export const propertyMissing = (property: string) => failure(4000002, `${property} is missing.`, { property });
/** Message tooShort, as its text says. */
export const tooShort = (min_length: number, actual_length: number) =>
  failure(4000003, `Use at least ${min_length} characters, not ${actual_length}.`, { min_length, actual_length });
/** Message wrongFormat, as its text says. */
export const wrongFormat = (pattern: string) => failure(4000004, `This does not have the form ${pattern}.`, { pattern });
/** Message passwordPolicyViolated, as its text says. */
export const passwordPolicyViolated = (reason: string) =>
  failure(4000005, `This password cannot be used: ${reason}`, { reason });
/** Message invalidCredentials, as its text says. */
export const invalidCredentials = () => failure(4000006, "Name and password do not belong together. Check both.");
/** Message duplicateCredentials, as its text says. */
export const duplicateCredentials = () => failure(4000007, "An account with this name or address exists already.");
/** Message identifierMissing, as its text says. */
export const identifierMissing = () => failure(4000009, "None of the fields names the account.");
/** Message noKey, as its text says. */
export const noKey = () => failure(4000013, "This account has no security key set up.");
/** Message noKeyOwner, as its text says. */
export const noKeyOwner = () => failure(4000015, "There is no such account, or it has no security key.");
/** Message tooLong, as its text says. */
export const tooLong = (max_length: number, actual_length: number) =>
  failure(4000017, `Use at most ${max_length} characters, not ${actual_length}.`, { max_length, actual_length });
/** Message belowMinimum, as its text says. */
export const belowMinimum = (minimum: number, actual: number) =>
  failure(4000018, `${actual} is less than ${minimum}.`, { minimum, actual });
/** Message notAboveMinimum, as its text says. */
export const notAboveMinimum = (minimum: number, actual: number) =>
  failure(4000019, `${actual} is not more than ${minimum}.`, { minimum, actual });
/** Message aboveMaximum, as its text says. */
export const aboveMaximum = (maximum: number, actual: number) =>
  failure(4000020, `${actual} is more than ${maximum}.`, { maximum, actual });
/** Message notBelowMaximum, as its text says. */
export const notBelowMaximum = (maximum: number, actual: number) =>
  failure(4000021, `${actual} is not less than ${maximum}.`, { maximum, actual });
/** Message notMultiple, as its text says. */
export const notMultiple = (base: number, actual: number) =>
  failure(4000022, `${actual} is no multiple of ${base}.`, { base, actual });
/** Message tooManyItems, as its text says. */
export const tooManyItems = (max_items: number, actual_items: number) =>
  failure(4000023, `Name at most ${max_items}, not ${actual_items}.`, { max_items, actual_items });
/** Message tooFewItems, as its text says. */
export const tooFewItems = (min_items: number, actual_items: number) =>
  failure(4000024, `Name at least ${min_items}, not ${actual_items}.`, { min_items, actual_items });
/** Message itemsNotUnique, as its text says. */
export const itemsNotUnique = (index_a: number, index_b: number) =>
  failure(4000025, `Items ${index_a} and ${index_b} are the same.`, { index_a, index_b });
/** Message wrongType, as its text says. */
export const wrongType = (allowed_types: readonly string[], actual_type: string) =>
  failure(4000026, `This must be ${allowed_types.join(" or ")}, not ${actual_type}.`, { allowed_types, actual_type });
/** Message notConstant, as its text says. */
export const notConstant = (expected: unknown) => failure(4000029, `This must be ${JSON.stringify(expected)}.`, { expected });
/** Message passwordTooSimilar, as its text says. */
export const passwordTooSimilar = () => failure(4000031, "The password is too much like the name of the account.");
/** Message passwordTooShort, as its text says. */
export const passwordTooShort = (min_length: number, actual_length: number) =>
  failure(4000032, `Use at least ${min_length} characters, not ${actual_length}.`, { min_length, actual_length });
/** Message passwordTooLong, as its text says. */
export const passwordTooLong = (max_length: number, actual_length: number) =>
  failure(4000033, `Use at most ${max_length} bytes, not ${actual_length}.`, { max_length, actual_length });
/** Message passwordBreached, as its text says. */
export const passwordBreached = (breaches: number) =>
  failure(4000034, "This password is known from data breaches. Use another one.", { breaches });
/** Message accountNotFound, as its text says. */
export const accountNotFound = () => failure(4000037, "There is no account of this name.");
/** Message notAnEmail, as its text says. */
export const notAnEmail = (value: string) => failure(4000040, `${value} is no e-mail address.`, { value });
/** Message notAPhone, as its text says. */
export const notAPhone = (value: string) => failure(4000041, `${value} is no phone number.`, { value });
/** Message keyRefused, as its text says. */
export const keyRefused = () => failure(4000043, "The security key or passkey could not be verified. Try again.");
/** Message loginFlowExpired, as its text says. */
export const loginFlowExpired = (at: Date) => failure(4010001, "That took too long. Please sign in again.", expiry(at));
/** Message noLoginStrategy, as its text says. */
export const noLoginStrategy = () => failure(4010002, "There is no such way to sign in.");
/** Message noRegistrationStrategy, as its text says. */
export const noRegistrationStrategy = () => failure(4010003, "There is no such way to sign up.");
/** Message accountDisabled, as its text says. */
export const accountDisabled = () => failure(4010011, "This account is disabled.");
/** Message registrationFlowExpired, as its text says. */
export const registrationFlowExpired = (at: Date) =>
  failure(4040001, "That took too long. Please sign up again.", expiry(at));
/** Message noMethodAvailable, as its text says. */
export const noMethodAvailable = () => failure(5000002, "There is no way to sign in here. Please tell an administrator.");
