import type { Config } from "../config/config.ts";
import type { HookConfig } from "../config/selfservice-config.ts";
import { programOf, sourceAt } from "../outgoing/program.ts";

/** Where the configuration names a program: its key, and its address; none where a web hook lacks it. */
type Place = readonly [key: string, url: string | undefined];

/** Reads all programs that hooks and the courier are configured with, and answers with what is wrong with them, one sentence each. */
export async function faultsOfPrograms({
  selfservice,
  courier,
  clients,
}: Pick<Config, "selfservice" | "courier" | "clients">): Promise<string[]> {
  const places = [
    ...bodiesIn(selfservice.flows, "selfservice.flows"),
    ...bodiesIn(courier.http, "courier.http"),
    ...bodiesIn(courier.channels, "courier.channels"),
  ];
  const faults = await Promise.all(places.map((place) => faultOf(place, clients)));
  return faults.filter((fault) => fault !== undefined);
}

/** The bodies of calls, however deep they lie: nothing else there is called so and is text. */
function bodiesIn(part: unknown, key: string): Place[] {
  if (typeof part !== "object" || part === null) return [];
  return Object.entries(part).flatMap(([name, inner]): Place[] => {
    const own = Array.isArray(part) ? `${key}[${name}]` : `${key}.${name}`;
    if (lacksBody(inner)) return [[`${own}.config.body`, undefined]];
    return name === "body" && typeof inner === "string" ? [[own, inner]] : bodiesIn(inner, own);
  });
}

const lacksBody = (part: unknown): boolean => {
  const { hook, config } = (part ?? {}) as Partial<Extract<HookConfig, { hook: "web_hook" }>>;
  return hook === "web_hook" && !config?.body && config?.method.toUpperCase() !== "TRACE";
};

async function faultOf([key, url]: Place, clients: Config["clients"]): Promise<string | undefined> {
  if (url === undefined) return `${key}: a web hook has no program to make its body, and cannot be called.`;
  try {
    programOf(await sourceAt(url, clients));
    return undefined;
  } catch (error) {
    return `${key}: the program cannot be used. ${error instanceof Error ? error.message : String(error)}`;
  }
}
