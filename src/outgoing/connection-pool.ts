import { Agent } from "node:http";
import { Agent as SecureAgent } from "node:https";

/** Connections to another server that outlive a call, for the next one. */
export interface ConnectionPool {
  /** What keeps those of a kind. Guarded ones are apart: they lead to addresses that were judged. */
  agentFor(protocol: string, guarded: boolean): Agent;
}

const options = { keepAlive: true, maxSockets: 64, maxFreeSockets: 8, timeout: 30_000 };

/** Makes a pool for calls to a server that is called often. */
export function createConnectionPool(): ConnectionPool {
  const agents = new Map<string, Agent>();
  return {
    agentFor(protocol, guarded) {
      const kind = `${protocol} ${guarded}`;
      let agent = agents.get(kind);
      if (!agent) agents.set(kind, (agent = protocol === "https:" ? new SecureAgent(options) : new Agent(options)));
      return agent;
    },
  };
}
