/** What an e-mail can be about. */
export const emailTypes = [
  "recovery_valid",
  "recovery_invalid",
  "recovery_code_valid",
  "recovery_code_invalid",
  "verification_valid",
  "verification_invalid",
  "verification_code_valid",
  "verification_code_invalid",
  "login_code_valid",
  "registration_code_valid",
  "verifiable_address_changed",
  "authenticator_key_added",
  "deletion_scheduled",
  "invitation_valid",
  "stub",
] as const;

/** What a text message can be about. */
export const smsTypes = [
  "recovery_code_valid",
  "verification_code_valid",
  "login_code_valid",
  "registration_code_valid",
  "verifiable_address_changed",
  "authenticator_key_added",
  "deletion_scheduled",
  "invitation_valid",
  "stub",
] as const;

/** What a message can be about, in Kratos' words. */
export type TemplateType = (typeof emailTypes)[number];

/** What a message can be about when it is a text message. */
export type SmsType = (typeof smsTypes)[number];

/** Whether a text message can be about this. */
export const isSmsType = (type: TemplateType): type is SmsType => (smsTypes as readonly string[]).includes(type);
