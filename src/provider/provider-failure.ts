/** At which step it went wrong, by the names of Kratos' test logins. */
export type FailedStep =
  | "state_validate"
  | "provider_denied"
  | "token_exchange"
  | "id_token_verify"
  | "claims_decode"
  | "callback"
  | "jsonnet_run"
  | "schema_validate";

/** That a provider has not done its part, or that it is not configured so that it could. */
export class ProviderFailure extends Error {
  override readonly name = "ProviderFailure";
  readonly step: FailedStep;
  /** What it was, as one word for machines: `exchange_failed`. */
  readonly reason: string;
  /** The HTTP status that tells whose fault it is: 502 the provider's, 400 or 403 the client's, 500 the operator's. */
  readonly status: 400 | 403 | 500 | 502;

  constructor(
    step: FailedStep,
    reason: string,
    message: string,
    { status = 502, cause }: { status?: ProviderFailure["status"]; cause?: unknown } = {},
  ) {
    super(message, { cause });
    this.step = step;
    this.reason = reason;
    this.status = status;
  }
}
