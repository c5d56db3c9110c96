import type { HookConfig } from "./schema/hooks.ts";

export type { HookConfig } from "./schema/hooks.ts";

/** A call to the operator's own server in the course of a flow. */
export type WebHookConfig = Extract<HookConfig, { hook: "web_hook" }>["config"];
