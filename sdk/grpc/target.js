import { experimental } from "@grpc/grpc-js";
import { isIP } from "node:net";

const listScheme = "ostiary-list";

/** A target as grpc-js names it; several become one by a scheme of our own, by which each is resolved for itself. */
export function nameOf(target) {
  const names = [target].flat().map(nameOfOne);
  if (names.length === 0) throw new TypeError("target names no server");
  // Commas stand between members, and nowhere in them.
  return names.length === 1 ? names[0] : `${listScheme}:${names.map(encodeURIComponent).join(",")}`;
}

/** Whether servers are reached by sockets of this machine alone. */
export const isLocal = (target) => [target].flat().every((one) => one.startsWith("unix:"));

/** What stands in the URL of a call that interceptors are shown. */
export function authorityOf(target) {
  const first = [target].flat()[0];
  return first.startsWith("unix:") ? "localhost" : first.replace(/^\w+:(?:\/\/[^/]*\/|(?!\d+$))/, "").split(",")[0];
}

function nameOfOne(target) {
  if (/^(?:dns|unix|ipv4|ipv6):/.test(target)) return target;
  const host = experimental.splitHostPort(target)?.host;
  if (!host || /[/,?#@]/.test(target))
    throw new TypeError(`a target is host:port, or a name such as dns:///host:port or unix:/path, not ${target}`);
  return isIP(host) ? `ipv${isIP(host)}:${target}` : `dns:///${target}`;
}

function membersOf({ path }) {
  return path.split(",").map((name) => {
    const [, scheme, authority, rest] = /^(\w+):(?:\/\/([^/]*)\/)?(.+)$/s.exec(decodeURIComponent(name));
    return { scheme, authority, path: rest };
  });
}

/** Resolves each member of a list by the resolver for it, and tells of all servers that are known by then. */
class ListResolver {
  #members;
  #listener;
  #isScheduled = false;
  #isDestroyed = false;

  constructor(target, listener, options) {
    this.#listener = listener;
    this.#members = membersOf(target).map((uri) => this.#member(uri, options));
  }

  static getDefaultAuthority(target) {
    const [{ scheme, path }] = membersOf(target);
    return scheme === "unix" ? "localhost" : path;
  }

  updateResolution() {
    this.#isDestroyed = false;
    for (const { resolver } of this.#members) resolver.updateResolution();
  }

  destroy() {
    this.#isDestroyed = true;
    for (const { resolver } of this.#members) resolver.destroy();
  }

  #member(uri, options) {
    const member = { endpoints: undefined, error: undefined, resolver: undefined };
    const hear = (found) => {
      member.error = found.ok ? undefined : found.error;
      // What was known stays: servers do not go with the server of names.
      if (found.ok) member.endpoints = found.value;
      this.#tellSoon();
      return true;
    };
    member.resolver = experimental.createResolver(uri, hear, options);
    return member;
  }

  /** Addresses are there at once, and are told of once. */
  #tellSoon() {
    if (this.#isScheduled || this.#members.some(({ endpoints, error }) => !endpoints && !error)) return;
    this.#isScheduled = true;
    setImmediate(() => {
      this.#isScheduled = false;
      if (!this.#isDestroyed) this.#tell();
    });
  }

  #tell() {
    const endpoints = this.#members.flatMap((member) => member.endpoints ?? []);
    const found =
      endpoints.length > 0
        ? experimental.statusOrFromValue(endpoints)
        : experimental.statusOrFromError(
            this.#members.find(({ error }) => error)?.error ?? { details: "no addresses" },
          );
    this.#listener(found, {}, null, "");
  }
}

experimental.registerResolver(listScheme, ListResolver);
