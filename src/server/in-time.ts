import { Code, ConnectError } from "@connectrpc/connect";
import { ErrorReason, problem } from "../errors.ts";

const longestCallMs = 30_000;

/**
 * Waits for work until its caller is gone, the caller's deadline has passed, or it took longer than any call may. The
 * work itself goes on: what it does to the database is one transaction, which is done or not.
 */
export async function inTime<T>(signal: AbortSignal, work: Promise<T>, mostMs = longestCallMs): Promise<T> {
  let stop: ((error: Error) => void) | undefined;
  const stopped = new Promise<never>((_, reject) => (stop = reject));
  const onAbort = () => stop!(reasonOf(signal));
  const timer = setTimeout(() => stop!(problem(ErrorReason.DEADLINE)), mostMs);
  if (signal.aborted) onAbort();
  else signal.addEventListener("abort", onAbort, { once: true });
  try {
    return await Promise.race([work, stopped]);
  } finally {
    clearTimeout(timer);
    signal.removeEventListener("abort", onAbort);
  }
}

function reasonOf({ reason }: AbortSignal): ConnectError {
  const late = reason instanceof ConnectError && reason.code === Code.DeadlineExceeded;
  return late ? problem(ErrorReason.DEADLINE) : new ConnectError("the client has gone", Code.Canceled);
}
