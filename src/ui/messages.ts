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
  "You are already signed in. To confirm your identity, start a new flow with refresh=true.";

/** The button that submits the password where somebody confirms who they are. */
export const signInAgain = () => info(1010001, "Sign in");
/** The heading of a login form with `refresh=true`. */
export const reauthenticate = () => info(1010003, "Confirm your identity to continue.");
/** The heading of a login form for the second level. */
export const secondFactorNeeded = () => info(1010004, "Use your second factor to finish signing in.");
/** The button that asks for a security key at sign-in. */
export const signInWithKey = () => info(1010008, "Sign in with security key");
/** Comes before the browser asks for the security key. */
export const keyReady = () => info(1010012, "Get your security key ready, then continue.");
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
export const chooseCredential = () => info(1040009, "Choose how you want to sign in.");
/** The button that adds a security key in settings. */
export const addKey = () => info(1050012, "Add security key");
/** The label of the field in which somebody names a security key. */
export const keyName = () => info(1050013, "Security key name");
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
export const passwordUnchanged = () => failure(4000039, "This is already your password. Choose a different one.");
/** A settings flow that has run out, in the one that takes its place. */
export const settingsFlowExpired = (at: Date) => failure(4050001, "This page has expired. Start again.", expiry(at));
/** The submission names no method that settings know. */
export const noSettingsStrategy = () => failure(4010004, "This setting is not available.");

/** A body that could not be read, or a request that must not be made this way; says why. */
export const invalidSubmission = (reason: string) => failure(4000001, reason, { reason });
/** A required field was left out; tells its name, without its parents. */
export const propertyMissing = (property: string) => failure(4000002, `${property} is required.`, { property });
/** A text has fewer code points than its schema's `minLength`. */
export const tooShort = (min_length: number, actual_length: number) =>
  failure(4000003, `Enter at least ${min_length} characters; you entered ${actual_length}.`, {
    min_length,
    actual_length,
  });
/** A text does not match its schema's `pattern`, which is told. */
export const wrongFormat = (pattern: string) =>
  failure(4000004, `This does not match the required format ${pattern}.`, { pattern });
/** A password that the policy refuses for a reason without an id of its own. */
export const passwordPolicyViolated = (reason: string) =>
  failure(4000005, `Choose a different password: ${reason}`, { reason });
/** The same for a wrong password and an unknown name, so that neither is told. */
export const invalidCredentials = () => failure(4000006, "The username or password is incorrect.");
/** An identifier or a key is taken; does not tell which, or by whom. */
export const duplicateCredentials = () => failure(4000007, "An account with this username or address already exists.");
/** A name is taken, where its owner may be told what they have set up, and with which providers. */
export const duplicateCredentialsWithHints = (name: string, types: readonly string[], providers: readonly string[]) =>
  failure(4000028, `${name} already has an account. Sign in instead.`, {
    available_credential_types: types,
    available_oidc_providers: providers,
    credential_identifier_hint: name,
  });
/** The schema makes no identifier out of the traits that were sent. */
export const identifierMissing = () => failure(4000009, "Fill in at least one field that identifies your account.");
/** A key was asked for where the account has none. */
export const noKey = () => failure(4000013, "This account has no security key.");
/** Sign-in by key with a name that leads to no key. */
export const noKeyOwner = () => failure(4000015, "We could not find an account with a security key under this name.");
/** A text has more code points than its schema's `maxLength`. */
export const tooLong = (max_length: number, actual_length: number) =>
  failure(4000017, `Enter at most ${max_length} characters; you entered ${actual_length}.`, {
    max_length,
    actual_length,
  });
/** A number lies below its schema's `minimum`. */
export const belowMinimum = (minimum: number, actual: number) =>
  failure(4000018, `Enter ${minimum} or more; you entered ${actual}.`, { minimum, actual });
/** A number does not lie above its schema's `exclusiveMinimum`. */
export const notAboveMinimum = (minimum: number, actual: number) =>
  failure(4000019, `Enter more than ${minimum}; you entered ${actual}.`, { minimum, actual });
/** A number lies above its schema's `maximum`. */
export const aboveMaximum = (maximum: number, actual: number) =>
  failure(4000020, `Enter ${maximum} or less; you entered ${actual}.`, { maximum, actual });
/** A number does not lie below its schema's `exclusiveMaximum`. */
export const notBelowMaximum = (maximum: number, actual: number) =>
  failure(4000021, `Enter less than ${maximum}; you entered ${actual}.`, { maximum, actual });
/** A number is no multiple of its schema's `multipleOf`. */
export const notMultiple = (base: number, actual: number) =>
  failure(4000022, `Enter a multiple of ${base}; you entered ${actual}.`, { base, actual });
/** A list has more items than its schema's `maxItems`. */
export const tooManyItems = (max_items: number, actual_items: number) =>
  failure(4000023, `Enter at most ${max_items} items; you entered ${actual_items}.`, { max_items, actual_items });
/** A list has fewer items than its schema's `minItems`. */
export const tooFewItems = (min_items: number, actual_items: number) =>
  failure(4000024, `Enter at least ${min_items} items; you entered ${actual_items}.`, { min_items, actual_items });
/** Two items of a list with `uniqueItems` are equal; tells their indices, from 0. */
export const itemsNotUnique = (index_a: number, index_b: number) =>
  failure(4000025, `Items ${index_a} and ${index_b} are the same.`, { index_a, index_b });
/** A value is of another JSON type than those its schema allows. */
export const wrongType = (allowed_types: readonly string[], actual_type: string) =>
  failure(4000026, `Enter a value of type ${allowed_types.join(" or ")}, not ${actual_type}.`, {
    allowed_types,
    actual_type,
  });
/** A value is not its schema's `const`, which the context holds as the text of its JSON. */
export const notConstant = (constant: unknown) => {
  const expected = JSON.stringify(constant);
  return failure(4000029, `This must be ${expected}.`, { expected });
};
/** The same where the `const` is a list or an object, which nobody is told. */
export const notTheConstant = () => failure(4000030, "This is not the required value.");
/** A password contains, or nearly is, an identifier of its account. */
export const passwordTooSimilar = () =>
  failure(4000031, "Choose a password that is less like your username or address.");
/** A password has fewer code points than `min_password_length`. */
export const passwordTooShort = (min_length: number, actual_length: number) =>
  failure(4000032, `Use at least ${min_length} characters; you entered ${actual_length}.`, {
    min_length,
    actual_length,
  });
/** A password has more bytes than are hashed (72 with bcrypt). */
export const passwordTooLong = (max_length: number, actual_length: number) =>
  failure(4000033, `Use at most ${max_length} bytes; this password has ${actual_length}.`, {
    max_length,
    actual_length,
  });
/** A password is among those of data breaches, this many times. */
export const passwordBreached = (breaches: number) =>
  failure(4000034, "This password has appeared in a data breach. Choose a different one.", { breaches });
/** The first screen of a sign-in in two steps knows nobody of this name. */
export const accountNotFound = () => failure(4000037, "We could not find this account.");
/** A trait of format `email` is none. */
export const notAnEmail = (value: string) => failure(4000040, `${value} is not a valid email address.`, { value });
/** A trait of format `tel` is no phone number. */
export const notAPhone = (value: string) => failure(4000041, `${value} is not a valid phone number.`, { value });
/** The answer of an authenticator did not hold; does not tell in what. */
export const keyRefused = () => failure(4000043, "We could not verify your security key or passkey. Try again.");
/** A login flow that has run out, in the one that takes its place. */
export const loginFlowExpired = (at: Date) => failure(4010001, "This page has expired. Sign in again.", expiry(at));
/** The submission names no method that login knows. */
export const noLoginStrategy = () => failure(4010002, "This sign-in method is not available.");
/** The submission names no method that registration knows. */
export const noRegistrationStrategy = () => failure(4010003, "This sign-up method is not available.");
/** The account is `inactive`; told only to whoever proved that it is theirs. */
export const accountDisabled = () => failure(4010011, "This account is disabled.");
/** A registration flow that has run out, in the one that takes its place. */
export const registrationFlowExpired = (at: Date) =>
  failure(4040001, "This page has expired. Sign up again.", expiry(at));
/** The configuration leaves this form without any method. */
export const noMethodAvailable = () => failure(5000002, "No sign-in method is available. Contact an administrator.");
