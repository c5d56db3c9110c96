import { ProviderFailure } from "./provider-failure.ts";

const patienceMs = 10_000;

/** What may go wrong while somebody signs in: by which word and status it is told, and by which sentence. */
const failures = {
  state_validate: { reason: "state_invalid", status: 400, says: "The response did not come from the provider." },
  token_exchange: { reason: "exchange_failed", status: 502, says: "The provider did not issue tokens." },
  id_token_verify: {
    reason: "verification_failed",
    status: 502,
    says: "The signing keys of the provider could not be fetched.",
  },
  claims_decode: { reason: "claims_invalid", status: 502, says: "The provider did not return the user's claims." },
  callback: {
    reason: "callback_failed",
    status: 502,
    says: "The configuration that the provider publishes could not be read.",
  },
} as const;

/** A step that may fail. */
export type Step = keyof typeof failures;

/** That a step has failed. */
export function failureOf(
  step: Step,
  cause?: unknown,
  { says = failures[step].says as string, status = failures[step].status as ProviderFailure["status"] } = {},
): ProviderFailure {
  return new ProviderFailure(step, failures[step].reason, says, { status, cause });
}

/** Does the work of a step; whatever goes wrong is a failure of that step. */
export async function inStep<T>(step: Step, work: () => T | Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    throw cause instanceof ProviderFailure ? cause : failureOf(step, cause);
  }
}

/** Does what may take several calls to a provider, and gives it up once that takes too long in all. */
export async function withinTimeLimit<T>(step: Step, work: () => Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(failureOf(step, new Error(`It took longer than ${patienceMs} ms.`))), patienceMs);
  });
  try {
    return await Promise.race([work(), late]);
  } finally {
    clearTimeout(timer);
  }
}
