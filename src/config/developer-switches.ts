import { readBoolean } from "../text/boolean.ts";

/** What developers ask for by variables of the environment that are no settings. */
export interface DeveloperSwitches {
  /** Apps that are native elsewhere run in a browser while they are written: React Native's do. */
  readonly nativeFlowsFromBrowsers: boolean;
}

const variable = "DEV_DISABLE_API_FLOW_ENFORCEMENT";

/** Reads the switches; whether they take effect is for the development mode to say. */
export const readDeveloperSwitches = (environment: NodeJS.ProcessEnv): DeveloperSwitches => ({
  nativeFlowsFromBrowsers: readBoolean(environment[variable] ?? "") ?? false,
});

/** What the log has to say of them, one sentence each. */
export function listSwitches(
  { dev }: { readonly dev: boolean },
  { nativeFlowsFromBrowsers }: DeveloperSwitches,
): string[] {
  if (!nativeFlowsFromBrowsers) return [];
  return [
    dev
      ? `${variable} is on: native flows are taken from browsers, whatever page made them ask`
      : `${variable} has no effect outside development mode`,
  ];
}
