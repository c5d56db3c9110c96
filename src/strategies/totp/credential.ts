/** What is stored of an authenticator app. `totp_url` is Kratos' and sealed; the rest is ours. */
export interface TotpCredential {
  /** The key, as an `otpauth://totp/` address. */
  readonly totp_url: string;
  /** The time step of the code that was accepted last: neither it nor an earlier one is accepted again. */
  readonly last_used_step?: number;
}
