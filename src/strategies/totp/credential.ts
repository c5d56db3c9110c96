/** What is stored of an authenticator app. `totp_url` is Kratos' and sealed; the rest is ours. */
export interface TotpCredential {
  /** The key, as an `otpauth://totp/` address. */
  readonly totp_url: string;
  /** The last time step whose code is of no use any more: that of the last sign-in, or the one before the app was set up. */
  readonly last_used_step?: number;
}
