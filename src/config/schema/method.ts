import type { HookConfig } from "./hooks.ts";
import { flag, type Setting } from "../setting.ts";

/** The flows whose forms show methods beside each other, and after which hooks may depend on the method. */
export type MethodFlow = "login" | "registration" | "settings";

/** What is known of a method before it runs: how it is configured, which hooks may follow it, and where forms show it. */
export interface MethodConfig {
  /** Its section below `selfservice.methods`; left out where there is nothing to configure. */
  readonly setting?: Setting;
  /** The hooks that may be configured for it alone, by flow. */
  readonly after?: { readonly [F in MethodFlow]?: Setting<readonly HookConfig[]> };
  /** Where its group of nodes stands among the others, by flow: small numbers come first, and groups without one last. */
  readonly place?: { readonly [F in MethodFlow]?: number };
}

/** Whether a method is on. */
export const enabled = (fallback: boolean) => flag(fallback, "Whether this method is offered.");
