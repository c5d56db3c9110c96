import type { Mail, TemplateData } from "../message.ts";
import type { TemplateType } from "../../config/template-types.ts";
import type { EmailContent } from "./email.ts";

type Write = (data: TemplateData, recipient: string) => EmailContent;

const ignore = "If you did not request this, you can ignore this message.";
const neverShare = "Do not share this code with anyone. We will never ask you for it.";

const lasts = (thing: string, { expires_in_minutes: minutes }: TemplateData): string[] =>
  minutes === undefined ? [] : [`The ${thing} expires in ${minutes} ${minutes === 1 ? "minute" : "minutes"}.`];

const said = (value: unknown): string => (typeof value === "string" || typeof value === "number" ? String(value) : "");

const codeEmail =
  (name: "recovery_code" | "login_code" | "registration_code", purpose: string, what: string): Write =>
  (data) => ({
    subject: `${said(data[name])} is your ${what}`,
    opening: `Enter this code to ${purpose}:`,
    code: said(data[name]),
    closing: [...lasts("code", data), neverShare, ignore],
  });

const unknownAddress =
  (attempt: string, subject: string): Write =>
  (_, recipient) => ({
    subject,
    opening: `Someone tried to ${attempt} with this email address, but no account uses it.`,
    closing: [
      `If this was you, you may have signed up with an address other than ${recipient}.`,
      "If this was not you, you can ignore this message.",
    ],
  });

const recovery: Write = (data) => ({
  subject: "Recover your account",
  opening: "Use this link to recover your account:",
  link: { label: "Recover account", url: said(data.recovery_url) },
  closing: [...lasts("link", data), ignore],
});

const verification: Write = (data) => ({
  subject: "Confirm your email address",
  opening: "Use this link to confirm your email address:",
  link: { label: "Confirm address", url: said(data.verification_url) },
  closing: [...lasts("link", data), ignore],
});

const verificationCode: Write = (data) => ({
  subject: `${said(data.verification_code)} is your verification code`,
  opening: "Enter this code to confirm your email address:",
  code: said(data.verification_code),
  ...(data.verification_url && { link: { label: "Or confirm with this link", url: data.verification_url } }),
  closing: [...lasts("code", data), neverShare, ignore],
});

const notYou = "If this was not you, change your password and review your account settings immediately.";

const addressChanged: Write = (data) => ({
  subject: "An address on your account was changed",
  opening: `An address on your account was changed${on(data.changed_at)}. We may send messages to the new address from now on.`,
  closing: [notYou],
});

const keyAdded: Write = (data) => ({
  subject: "New sign-in method added to your account",
  opening: `A security key or passkey was added to your account${on(data.added_at)}.`,
  closing: [notYou],
});

const deletionScheduled: Write = (data) => ({
  subject: "Your account will be deleted",
  opening: `As you have asked, your account will be deleted${on(data.deleted_at)}. Until then you can keep it: sign in, and say so in your account's settings.`,
  link: { label: "Keep my account", url: said(data.cancel_url) },
  closing: ["If this was not you, sign in, keep your account and change your password immediately."],
});

const invitation: Write = (data) => ({
  subject: `You are invited to ${said(data.site_name)}`,
  opening: `You are invited to create an account at ${said(data.site_name)}. Use this link to sign up:`,
  link: { label: "Accept invitation", url: said(data.invitation_url) },
  closing: [
    ...(data.expires_at === undefined ? [] : [`The invitation expires${on(data.expires_at)}, and works once.`]),
    "If you did not expect this invitation, you can ignore this message.",
  ],
});

function on(moment: string | undefined): string {
  const time = new Date(moment ?? Number.NaN);
  return Number.isNaN(time.getTime()) ? "" : ` on ${time.toISOString().slice(0, 16).replace("T", " at ")} UTC`;
}

const stub: Write = (data) => ({ subject: said(data["subject"]), opening: said(data["body"]), closing: [] });

const emailTemplates: Readonly<Record<TemplateType, Write>> = {
  recovery_valid: recovery,
  recovery_invalid: unknownAddress("recover an account", "No account uses this address"),
  recovery_code_valid: codeEmail("recovery_code", "recover your account", "recovery code"),
  recovery_code_invalid: unknownAddress("recover an account", "No account uses this address"),
  verification_valid: verification,
  verification_invalid: unknownAddress("confirm an address", "No account uses this address"),
  verification_code_valid: verificationCode,
  verification_code_invalid: unknownAddress("confirm an address", "No account uses this address"),
  login_code_valid: codeEmail("login_code", "sign in", "sign-in code"),
  registration_code_valid: codeEmail("registration_code", "finish signing up", "sign-up code"),
  verifiable_address_changed: addressChanged,
  authenticator_key_added: keyAdded,
  deletion_scheduled: deletionScheduled,
  invitation_valid: invitation,
  stub,
};

/** The e-mail that is sent where the operator has not written one. */
export const builtInEmail = ({ templateType, data, recipient }: Mail): EmailContent =>
  emailTemplates[templateType](data, recipient);
