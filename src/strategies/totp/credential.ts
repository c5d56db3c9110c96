/** What is stored of an authenticator app. `totp_url` is Kratos' and sealed; the rest is ours. */
export interface TotpCredential {
  /** The key, as an `otpauth://totp/` address. */
  readonly totp_url: string;
  /** The time step of the code that was accepted last: neither it nor an earlier one is accepted again. */
  readonly last_used_step?: number;
}

/** How many codes may be tried, whatever flow they come by: with two steps valid at a time, guessing is hopeless. */
export const allowances = [
  { tries: 5, windowMs: 30_000 },
  { tries: 30, windowMs: 3_600_000 },
] as const;
