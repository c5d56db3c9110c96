import { failure, info, success } from "./message.ts";

const unix = (time: Date) => Math.floor(time.getTime() / 1000);
const expiry = (time: Date) => ({ expired_at: time.toISOString(), expired_at_unix: unix(time) });

const unnamed = "unnamed";
const keyContext = (name: string, added: Date) => ({
  display_name: name || unnamed,
  added_at: added.toISOString(),
  added_at_unix: unix(added),
});

/** What somebody is told who submits a form of which there is no need. */
export const alreadySignedIn =
  "Somebody is signed in already. Ask for a new flow with refresh=true to confirm who it is.";

/** The button that submits the password where somebody confirms who they are. */
export const signInAgain = () => info(1010001, "Sign in");
/** The heading of a login form with `refresh=true`. */
export const reauthenticate = () => info(1010003, "Confirm that it is you.");
/** The heading of a login form for the second level. */
export const secondFactorNeeded = () => info(1010004, "One more step: your second factor.");
/** The button that asks for a security key at sign-in. */
export const signInWithKey = () => info(1010008, "Sign in with security key");
/** Comes before the browser asks for the security key. */
export const keyReady = () => info(1010012, "Have your security key at hand, then continue.");
/** The button that opens the browser's question for the security key. */
export const continueWithKey = () => info(1010013, "Continue");
/** The button that asks for a passkey at sign-in. */
export const signInWithPasskey = () => info(1010021, "Sign in with passkey");
/** The button that submits name and password. */
export const signInWithPassword = () => info(1010022, "Sign in with password");
/** The button that submits a registration. */
export const signUp = () => info(1040001, "Sign up");
/** The button that makes an account with a security key as its only credential. */
export const signUpWithKey = () => info(1040004, "Sign up with security key");
/** The button that makes an account with a passkey. */
export const signUpWithPasskey = () => info(1040007, "Sign up with passkey");
/** The button that leads from the credentials back to the profile. */
export const back = () => info(1040008, "Back");
/** The heading of the second screen of a registration in two steps. */
export const chooseCredential = () => info(1040009, "Choose what you want to sign in with.");
/** The button that adds a security key in settings. */
export const addKey = () => info(1050012, "Add security key");
/** The label of the field in which somebody names a security key. */
export const keyName = () => info(1050013, "What you call the key");
/** The button that removes the security key of this name, added at that time. */
export const removeKey = (name: string, added: Date) =>
  info(1050018, `Remove security key ${JSON.stringify(name || unnamed)}`, keyContext(name, added));
/** The button that adds a passkey in settings. */
export const addPasskey = () => info(1050019, "Add passkey");
/** The button that removes the passkey of this name, which may be empty, added at that time. */
export const removePasskey = (name: string, added: Date) =>
  info(1050020, name ? `Remove passkey ${JSON.stringify(name)}` : "Remove passkey", keyContext(name, added));
/** The label of a field for a password. */
export const passwordLabel = () => info(1070001, "Password");
/** The label of a trait: its title in the schema, and its node's name. */
export const generatedLabel = (title: string, name: string) => info(1070002, title, { title, name });
/** The label of the identifier, where the schema has none or several. */
export const identifierLabelMessage = () => info(1070004, "ID");
/** The button that leads to the next screen. */
export const continueLabel = () => info(1070009, "Continue");

/** The account is as it was submitted. */
export const saved = () => success(1050001, "Your changes are saved.");
/** The button that saves a part of the settings. */
export const save = () => info(1070003, "Save");
/** A new password is the old one. */
export const passwordUnchanged = () => failure(4000039, "This is the password that you have already.");
/** A settings flow that has run out, in the one that takes its place. */
export const settingsFlowExpired = (at: Date) =>
  failure(4050001, "That took too long. Please begin again.", expiry(at));
/** The submission names no method that settings know. */
export const noSettingsStrategy = () => failure(4010004, "There is no such setting.");

/** A body that could not be read, or a request that must not be made this way; says why. */
export const invalidSubmission = (reason: string) => failure(4000001, reason, { reason });
/** A required field was left out; tells its name, without its parents. */
export const propertyMissing = (property: string) => failure(4000002, `${property} is missing.`, { property });
/** A text has fewer code points than its schema's `minLength`. */
export const tooShort = (min_length: number, actual_length: number) =>
  failure(4000003, `Use at least ${min_length} characters, not ${actual_length}.`, { min_length, actual_length });
/** A text does not match its schema's `pattern`, which is told. */
export const wrongFormat = (pattern: string) =>
  failure(4000004, `This does not have the form ${pattern}.`, { pattern });
/** A password that the policy refuses for a reason without an id of its own. */
export const passwordPolicyViolated = (reason: string) =>
  failure(4000005, `This password cannot be used: ${reason}`, { reason });
/** The same for a wrong password and an unknown name, so that neither is told. */
export const invalidCredentials = () => failure(4000006, "Name and password do not belong together. Check both.");
/** An identifier or a key is taken; does not tell which, or by whom. */
export const duplicateCredentials = () => failure(4000007, "An account with this name or address exists already.");
/** A name is taken, where its owner may be told what they have set up, and with which providers. */
export const duplicateCredentialsWithHints = (name: string, types: readonly string[], providers: readonly string[]) =>
  failure(4000028, `There is an account with the name ${name} already. Sign in to it instead.`, {
    available_credential_types: types,
    available_oidc_providers: providers,
    credential_identifier_hint: name,
  });
/** The schema makes no identifier out of the traits that were sent. */
export const identifierMissing = () => failure(4000009, "None of the fields names the account.");
/** A key was asked for where the account has none. */
export const noKey = () => failure(4000013, "This account has no security key set up.");
/** Sign-in by key with a name that leads to no key. */
export const noKeyOwner = () => failure(4000015, "There is no such account, or it has no security key.");
/** A text has more code points than its schema's `maxLength`. */
export const tooLong = (max_length: number, actual_length: number) =>
  failure(4000017, `Use at most ${max_length} characters, not ${actual_length}.`, { max_length, actual_length });
/** A number lies below its schema's `minimum`. */
export const belowMinimum = (minimum: number, actual: number) =>
  failure(4000018, `${actual} is less than ${minimum}.`, { minimum, actual });
/** A number does not lie above its schema's `exclusiveMinimum`. */
export const notAboveMinimum = (minimum: number, actual: number) =>
  failure(4000019, `${actual} is not more than ${minimum}.`, { minimum, actual });
/** A number lies above its schema's `maximum`. */
export const aboveMaximum = (maximum: number, actual: number) =>
  failure(4000020, `${actual} is more than ${maximum}.`, { maximum, actual });
/** A number does not lie below its schema's `exclusiveMaximum`. */
export const notBelowMaximum = (maximum: number, actual: number) =>
  failure(4000021, `${actual} is not less than ${maximum}.`, { maximum, actual });
/** A number is no multiple of its schema's `multipleOf`. */
export const notMultiple = (base: number, actual: number) =>
  failure(4000022, `${actual} is no multiple of ${base}.`, { base, actual });
/** A list has more items than its schema's `maxItems`. */
export const tooManyItems = (max_items: number, actual_items: number) =>
  failure(4000023, `Name at most ${max_items}, not ${actual_items}.`, { max_items, actual_items });
/** A list has fewer items than its schema's `minItems`. */
export const tooFewItems = (min_items: number, actual_items: number) =>
  failure(4000024, `Name at least ${min_items}, not ${actual_items}.`, { min_items, actual_items });
/** Two items of a list with `uniqueItems` are equal; tells their indices, from 0. */
export const itemsNotUnique = (index_a: number, index_b: number) =>
  failure(4000025, `Items ${index_a} and ${index_b} are the same.`, { index_a, index_b });
/** A value is of another JSON type than those its schema allows. */
export const wrongType = (allowed_types: readonly string[], actual_type: string) =>
  failure(4000026, `This must be ${allowed_types.join(" or ")}, not ${actual_type}.`, { allowed_types, actual_type });
/** A value is not its schema's `const`, which the context holds as the text of its JSON. */
export const notConstant = (constant: unknown) => {
  const expected = JSON.stringify(constant);
  return failure(4000029, `This must be ${expected}.`, { expected });
};
/** The same where the `const` is a list or an object, which nobody is told. */
export const notTheConstant = () => failure(4000030, "This is not the value that it has to be.");
/** A password contains, or nearly is, an identifier of its account. */
export const passwordTooSimilar = () => failure(4000031, "The password is too much like the name of the account.");
/** A password has fewer code points than `min_password_length`. */
export const passwordTooShort = (min_length: number, actual_length: number) =>
  failure(4000032, `Use at least ${min_length} characters, not ${actual_length}.`, { min_length, actual_length });
/** A password has more bytes than are hashed (72 with bcrypt). */
export const passwordTooLong = (max_length: number, actual_length: number) =>
  failure(4000033, `Use at most ${max_length} bytes, not ${actual_length}.`, { max_length, actual_length });
/** A password is among those of data breaches, this many times. */
export const passwordBreached = (breaches: number) =>
  failure(4000034, "This password is known from data breaches. Use another one.", { breaches });
/** The first screen of a sign-in in two steps knows nobody of this name. */
export const accountNotFound = () => failure(4000037, "There is no account of this name.");
/** A trait of format `email` is none. */
export const notAnEmail = (value: string) => failure(4000040, `${value} is no e-mail address.`, { value });
/** A trait of format `tel` is no phone number. */
export const notAPhone = (value: string) => failure(4000041, `${value} is no phone number.`, { value });
/** The answer of an authenticator did not hold; does not tell in what. */
export const keyRefused = () => failure(4000043, "The security key or passkey could not be verified. Try again.");
/** A login flow that has run out, in the one that takes its place. */
export const loginFlowExpired = (at: Date) => failure(4010001, "That took too long. Please sign in again.", expiry(at));
/** The submission names no method that login knows. */
export const noLoginStrategy = () => failure(4010002, "There is no such way to sign in.");
/** The submission names no method that registration knows. */
export const noRegistrationStrategy = () => failure(4010003, "There is no such way to sign up.");
/** The account is `inactive`; told only to whoever proved that it is theirs. */
export const accountDisabled = () => failure(4010011, "This account is disabled.");
/** A registration flow that has run out, in the one that takes its place. */
export const registrationFlowExpired = (at: Date) =>
  failure(4040001, "That took too long. Please sign up again.", expiry(at));
/** The configuration leaves this form without any method. */
export const noMethodAvailable = () =>
  failure(5000002, "There is no way to sign in here. Please tell an administrator.");
