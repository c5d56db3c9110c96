import type { Mail, TemplateData } from "../message.ts";
import type { TemplateType } from "../../config/template-types.ts";
import type { Letter } from "./letter.ts";

type Write = (data: TemplateData, recipient: string) => Letter;

const ignore = "If you did not ask for this, you need not do anything.";
const neverShare = "Never pass it on: nobody who is entitled to help you will ask you for it.";

const lasts = (thing: string, { expires_in_minutes: minutes }: TemplateData): string[] =>
  minutes === undefined ? [] : [`The ${thing} holds for ${minutes} ${minutes === 1 ? "minute" : "minutes"}.`];

const said = (value: unknown): string => (typeof value === "string" || typeof value === "number" ? String(value) : "");

const codeLetter =
  (name: "recovery_code" | "login_code" | "registration_code", purpose: string, subject: string): Write =>
  (data) => ({
    subject: `${said(data[name])} is your code to ${subject}`,
    opening: `Enter this code to ${purpose}:`,
    code: said(data[name]),
    closing: [...lasts("code", data), neverShare, ignore],
  });

const unknownAddress =
  (attempt: string, subject: string): Write =>
  (_, recipient) => ({
    subject,
    opening: `Somebody tried to ${attempt} with this e-mail address, but no account has it.`,
    closing: [
      `If that was you, perhaps you signed up with another address than ${recipient}.`,
      "If it was not you, you need not do anything.",
    ],
  });

const recovery: Write = (data) => ({
  subject: "Get back into your account",
  opening: "Follow this link to get back into your account:",
  link: { label: "Recover the account", url: said(data.recovery_url) },
  closing: [...lasts("link", data), ignore],
});

const verification: Write = (data) => ({
  subject: "Confirm your e-mail address",
  opening: "Follow this link to confirm that this e-mail address is yours:",
  link: { label: "Confirm the address", url: said(data.verification_url) },
  closing: [...lasts("link", data), ignore],
});

const verificationCode: Write = (data) => ({
  subject: `${said(data.verification_code)} is your code to confirm your address`,
  opening: "Enter this code to confirm that this e-mail address is yours:",
  code: said(data.verification_code),
  ...(data.verification_url && { link: { label: "Or confirm it here", url: data.verification_url } }),
  closing: [...lasts("code", data), neverShare, ignore],
});

const notYou = "If that was not you, change your password and look through your account's settings without delay.";

const addressChanged: Write = (data) => ({
  subject: "An address of your account was changed",
  opening: `An address of your account was changed${on(data.changed_at)}, and messages may go there from now on.`,
  closing: [notYou],
});

const keyAdded: Write = (data) => ({
  subject: "A new way to sign in was added to your account",
  opening: `A security key or passkey was added to your account${on(data.added_at)}.`,
  closing: [notYou],
});

function on(moment: string | undefined): string {
  const time = new Date(moment ?? Number.NaN);
  return Number.isNaN(time.getTime()) ? "" : ` on ${time.toISOString().slice(0, 16).replace("T", " at ")} UTC`;
}

const stub: Write = (data) => ({ subject: said(data["subject"]), opening: said(data["body"]), closing: [] });

const letters: Readonly<Record<TemplateType, Write>> = {
  recovery_valid: recovery,
  recovery_invalid: unknownAddress("recover an account", "There is no account with this address"),
  recovery_code_valid: codeLetter("recovery_code", "get back into your account", "recover your account"),
  recovery_code_invalid: unknownAddress("recover an account", "There is no account with this address"),
  verification_valid: verification,
  verification_invalid: unknownAddress("confirm an address", "This address belongs to no account"),
  verification_code_valid: verificationCode,
  verification_code_invalid: unknownAddress("confirm an address", "This address belongs to no account"),
  login_code_valid: codeLetter("login_code", "sign in", "sign in"),
  registration_code_valid: codeLetter("registration_code", "complete your registration", "sign up"),
  verifiable_address_changed: addressChanged,
  authenticator_key_added: keyAdded,
  stub,
};

/** The e-mail that is sent where the operator has not written one. */
export const letterOf = ({ templateType, data, recipient }: Mail): Letter => letters[templateType](data, recipient);
