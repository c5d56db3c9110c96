import { MethodOptions_IdempotencyLevel as Level } from "@bufbuild/protobuf/wkt";
import { adminServices, publicServices } from "../services.js";
import { healthBalancing } from "./health-balancer.js";

const seconds = (ms) => `${ms / 1000}s`;

const idempotent = [...Object.values(publicServices), ...Object.values(adminServices)].flatMap((service) =>
  service.methods
    .filter(({ idempotency }) => idempotency !== Level.IDEMPOTENCY_UNKNOWN)
    .map((method) => ({ service: service.typeName, method: method.name, methodKind: method.methodKind })),
);

const nameOf = ({ service, method }) => ({ service, method });

export function defaultServiceConfig({
  loadBalancing = "round_robin",
  health = true,
  retries = true,
  hedging = false,
} = {}) {
  return {
    loadBalancingConfig: [balancing(loadBalancing, health)],
    methodConfig: methodConfig(retries, hedging),
    // Each failed attempt takes one, each call that succeeds gives a tenth back: below half of it nothing is tried again, so that
    // clients do not keep a server down. The room is for what is under way when one dies.
    retryThrottling: { maxTokens: 1000, tokenRatio: 0.1 },
  };
}

function balancing(policy, health) {
  // One server alone is used there, as long as it is there.
  if (policy === "pick_first") return { pick_first: { shuffleAddressList: true } };
  if (policy !== "round_robin") throw new TypeError(`loadBalancing is "round_robin" or "pick_first", not ${policy}`);
  const childPolicy = [{ round_robin: {} }];
  return health ? healthBalancing(health.service ?? "", childPolicy) : childPolicy[0];
}

function methodConfig(retries, hedging) {
  const name = idempotent.map(nameOf);
  if (hedging) {
    const unary = idempotent.filter(({ methodKind }) => methodKind === "unary").map(nameOf);
    const streams = idempotent.filter(({ methodKind }) => methodKind !== "unary").map(nameOf);
    return [
      { name: unary, hedgingPolicy: hedgingPolicy(hedging) },
      ...(retries ? [{ name: streams, retryPolicy: retryPolicy(retries) }] : []),
    ];
  }
  return retries ? [{ name, retryPolicy: retryPolicy(retries) }] : [];
}

/** The policy of gRPC for calls that may be made again. */
export const retryPolicy = ({ attempts = 4, firstPauseMs = 50, mostPauseMs = 1000 }) => ({
  maxAttempts: attempts,
  initialBackoff: seconds(firstPauseMs),
  maxBackoff: seconds(mostPauseMs),
  backoffMultiplier: 2,
  retryableStatusCodes: ["UNAVAILABLE"],
});

const hedgingPolicy = ({ attempts = 2, afterMs = 100 }) => ({
  maxAttempts: attempts,
  hedgingDelay: seconds(afterMs),
  nonFatalStatusCodes: ["UNAVAILABLE"],
});
