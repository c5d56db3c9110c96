import type { Mail, TemplateData } from "../message.ts";

const codeOf = ({
  recovery_code,
  verification_code,
  login_code,
  registration_code,
}: TemplateData): string | undefined => recovery_code ?? verification_code ?? login_code ?? registration_code;

const names: Readonly<Record<string, string>> = {
  recovery_code_valid: "recovery code",
  verification_code_valid: "verification code",
  login_code_valid: "sign-in code",
  registration_code_valid: "sign-up code",
};

/** The text message that is sent where the operator has not written one. */
export function builtInSms({ templateType, data }: Mail): string {
  const code = codeOf(data);
  if (code === undefined) return news(templateType, data);
  const minutes = data.expires_in_minutes;
  const lasts = minutes === undefined ? "" : ` It expires in ${minutes} min.`;
  const text = `${code} is your ${names[templateType] ?? "code"}.${lasts} Do not share it.`;
  // Phones offer the code only to the site that it was made for.
  const domain = data["request_url_domain"];
  return typeof domain === "string" && domain ? `${text}\n\n@${domain} #${code}\n` : `${text}\n`;
}

function news(type: string, data: TemplateData): string {
  if (type === "verifiable_address_changed")
    return "An address on your account was changed. If this was not you, review your account settings immediately.\n";
  if (type === "authenticator_key_added")
    return "A security key or passkey was added to your account. If this was not you, review your account settings immediately.\n";
  if (type === "deletion_scheduled")
    return "Your account will be deleted. To keep it, sign in and say so in your account's settings.\n";
  if (type === "invitation_valid")
    return `You are invited to ${String(data.site_name ?? "")}. Sign up here: ${String(data.invitation_url ?? "")}\n`;
  return `${String(data["body"] ?? "")}\n`;
}
