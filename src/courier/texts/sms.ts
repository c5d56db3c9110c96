import type { Mail, TemplateData } from "../message.ts";

const codeOf = ({
  recovery_code,
  verification_code,
  login_code,
  registration_code,
}: TemplateData): string | undefined => recovery_code ?? verification_code ?? login_code ?? registration_code;

const purposes: Readonly<Record<string, string>> = {
  recovery_code_valid: "recover your account",
  verification_code_valid: "confirm your phone number",
  login_code_valid: "sign in",
  registration_code_valid: "sign up",
};

/** The text message that is sent where the operator has not written one. */
export function smsText({ templateType, data }: Mail): string {
  const code = codeOf(data);
  if (code === undefined) return news(templateType, data);
  const minutes = data.expires_in_minutes;
  const lasts = minutes === undefined ? "" : ` It holds for ${minutes} min.`;
  const text = `${code} is your code to ${purposes[templateType] ?? "go on"}.${lasts} Never pass it on.`;
  // Phones offer the code only to the site that it was made for.
  const domain = data["request_url_domain"];
  return typeof domain === "string" && domain ? `${text}\n\n@${domain} #${code}\n` : `${text}\n`;
}

function news(type: string, data: TemplateData): string {
  if (type === "verifiable_address_changed")
    return "An address of your account was changed. If that was not you, check your account's settings without delay.\n";
  if (type === "authenticator_key_added")
    return "A new key to sign in was added to your account. If that was not you, check your account's settings without delay.\n";
  return `${String(data["body"] ?? "")}\n`;
}
