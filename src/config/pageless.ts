import type { Config } from "./config.ts";

/** The keys of pages that are not configured although browsers will be sent to them. */
export function pagelessFlows({ selfservice: { flows } }: Config): string[] {
  const { login, registration, settings, recovery, verification, error } = flows;
  const pages = Object.entries({ login, registration, settings, recovery, verification, error });
  const missing = pages.filter(([, page]) => page.pageless && (!("enabled" in page) || page.enabled));
  return missing.map(([flow]) => `selfservice.flows.${flow}.ui_url`);
}
