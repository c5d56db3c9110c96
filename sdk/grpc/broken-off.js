import { Code } from "@connectrpc/connect";
import { MethodOptions_IdempotencyLevel as Level } from "@bufbuild/protobuf/wkt";
import { setTimeout as pause } from "node:timers/promises";
import { retryPolicy } from "./service-config.js";

const brokenOff = Symbol("an answer that broke off");

/** Marks the error of a call whose connection was lost after the answer had begun. */
export function markBrokenOff(error) {
  error[brokenOff] = true;
  return error;
}

/**
 * Makes a unary call again whose answer has begun and broken off with the connection. gRPC leaves that alone, since of a stream somebody
 * may have taken something by then; a unary answer nobody sees before it is whole.
 */
export function retryingBrokenOff({ retries = true, hedging = false, serviceConfig }) {
  if (serviceConfig || !(retries || hedging)) return (_request, call) => call();
  const { maxAttempts } = retryPolicy(retries || {});
  return async ({ method, signal }, call) => {
    for (let attempt = 1; ; attempt++)
      try {
        return await call();
      } catch (error) {
        const mayRepeat = method.idempotency !== Level.IDEMPOTENCY_UNKNOWN && error.code === Code.Unavailable;
        if (!mayRepeat || !error[brokenOff] || attempt >= maxAttempts || signal.aborted) throw error;
        await pause(Math.random() * 50 * attempt);
      }
  };
}
