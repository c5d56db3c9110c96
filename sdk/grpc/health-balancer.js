import { connectivityState, experimental } from "@grpc/grpc-js";
import { WatchedSubchannel } from "./watched-subchannel.js";

const policy = "ostiary_health";

class HealthConfig {
  constructor(service, childPolicy) {
    this.service = service;
    this.childPolicy = childPolicy;
  }

  static createFromJson({ service = "", childPolicy }) {
    const chosen = experimental.selectLbConfigFromList(childPolicy);
    if (!chosen) throw new Error(`${policy}: no known policy among those of childPolicy`);
    return new HealthConfig(service, chosen);
  }

  getLoadBalancerName() {
    return policy;
  }

  toJsonObject() {
    return { [policy]: { service: this.service, childPolicy: [this.childPolicy.toJsonObject()] } };
  }
}

/**
 * Keeps calls from servers that say that they do not serve (grpc.health.v1), by a policy for the others. Where no server says that it
 * serves, all that are connected are asked: one that is about to go still answers, and what is wrong with the check is not wrong with the rest.
 */
class HealthBalancer {
  #child;
  #watched = new Set();
  #service = "";

  constructor(helper) {
    const own = experimental.createChildChannelControlHelper(helper, {
      createSubchannel: (address, args) => this.#watch(helper.createSubchannel(address, args)),
      updateState: (state, picker, error) =>
        helper.updateState(state, state === connectivityState.READY ? unwrapping(picker) : picker, error),
    });
    this.#child = new experimental.ChildLoadBalancerHandler(own);
  }

  updateAddressList(endpoints, config, options, note) {
    if (!(config instanceof HealthConfig)) return false;
    this.#service = config.service;
    return this.#child.updateAddressList(endpoints, config.childPolicy, options, note);
  }

  exitIdle() {
    this.#child.exitIdle();
  }

  resetBackoff() {
    this.#child.resetBackoff();
  }

  destroy() {
    this.#child.destroy();
    for (const subchannel of this.#watched) subchannel.stop();
  }

  getTypeName() {
    return policy;
  }

  #watch(subchannel) {
    const watched = new WatchedSubchannel(subchannel, {
      service: this.#service,
      changed: () => this.#judge(),
      gone: () => this.#watched.delete(watched),
    });
    this.#watched.add(watched);
    return watched;
  }

  #judge() {
    const connected = [...this.#watched].filter((one) => one.getConnectivityState() === connectivityState.READY);
    const all = !connected.some(({ serves }) => serves);
    for (const one of connected) one.judge(all || one.serves);
  }
}

/** Others know their own subchannels, not what they were wrapped in. */
const unwrapping = (picker) => ({
  pick(args) {
    const picked = picker.pick(args);
    return picked.subchannel instanceof WatchedSubchannel
      ? { ...picked, subchannel: picked.subchannel.unwrapped }
      : picked;
  },
});

experimental.registerLoadBalancerType(policy, HealthBalancer, HealthConfig);

/** The policy for `loadBalancingConfig` of a service configuration. */
export const healthBalancing = (service, childPolicy) => ({ [policy]: { service, childPolicy } });
