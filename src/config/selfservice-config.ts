import type { RequiredAal } from "./required-aal.ts";
import type { MethodsConfig } from "./methods-config.ts";
import type { OutgoingAuth } from "./outgoing-config.ts";

/** The flows that people walk through, and the methods they authenticate with. */
export interface SelfserviceConfig {
  readonly default_browser_return_url: string;
  readonly allowed_return_urls: readonly string[];
  readonly flows: FlowsConfig;
  readonly methods: MethodsConfig;
  /** A bucket for each client. */
  readonly new_flows_per_client: { readonly enabled: boolean; readonly at_once: number; readonly per_hour: number };
}

/** One section per flow. */
export interface FlowsConfig {
  readonly login: FlowPage & {
    readonly style: "unified" | "identifier_first";
    readonly before: BeforeFlow;
    readonly after: AfterFlow & {
      readonly [M in "password" | "webauthn" | "passkey" | "oidc" | "code" | "totp" | "lookup_secret"]?: AfterMethod;
    };
  };
  readonly registration: FlowPage & {
    readonly enabled: boolean;
    readonly login_hints: boolean;
    readonly enable_legacy_one_step: boolean;
    /** `unified` also where `enable_legacy_one_step` is set. */
    readonly style: "unified" | "profile_first";
    readonly before: BeforeFlow;
    readonly after: AfterFlow & {
      readonly [M in "password" | "webauthn" | "passkey" | "oidc" | "code"]?: AfterMethod;
    };
  };
  readonly settings: FlowPage & {
    readonly privileged_session_max_age: number;
    readonly required_aal: RequiredAal;
    readonly before: BeforeFlow;
    readonly after: AfterFlow & {
      readonly [M in "password" | "webauthn" | "passkey" | "oidc" | "totp" | "lookup_secret" | "profile"]?: AfterMethod;
    };
  };
  readonly recovery: AddressFlow;
  readonly verification: AddressFlow;
  readonly logout: {
    readonly clear_browser_data: boolean;
    readonly after: { readonly default_browser_return_url?: string };
  };
  readonly error: Page;
}

/** Where a page is. */
export interface Page {
  readonly ui_url: string;
  /** Whether the address is only where a page would be, for none is configured. */
  readonly pageless: boolean;
}

/** What every flow with a page has. */
export interface FlowPage extends Page {
  readonly lifespan: number;
}

/** A flow that sends something to an address: recovery or verification. */
export interface AddressFlow extends FlowPage {
  readonly enabled: boolean;
  readonly use: "link" | "code";
  readonly notify_unknown_recipients: boolean;
  readonly before: BeforeFlow;
  readonly after: AfterFlow;
}

/** What happens when a flow starts. */
export interface BeforeFlow {
  readonly hooks: readonly HookConfig[];
}

/** What happens when a flow succeeds, whichever method was used. */
export interface AfterFlow {
  readonly default_browser_return_url?: string;
  readonly hooks: readonly HookConfig[];
}

/** What happens when a flow succeeds by one method. */
export type AfterMethod = AfterFlow;

/** One reaction to a flow, as configured. */
export type HookConfig =
  | { readonly hook: PlainHook }
  | { readonly hook: "web_hook"; readonly config: WebHookConfig }
  | {
      readonly hook: "notify_previous_addresses";
      readonly config: { readonly recipients: "removed" | "all_verified" | "all" };
    };

/** The hooks without settings of their own. */
export type PlainHook =
  | "session"
  | "revoke_active_sessions"
  | "require_verified_address"
  | "show_verification_ui"
  | "verification"
  | "verify_new_address"
  | "notify_key_added"
  | "b2b_sso"
  | "organization";

/** A call to the operator's own server in the course of a flow. */
export interface WebHookConfig {
  readonly id?: string;
  readonly url: string;
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly auth?: OutgoingAuth;
  readonly response: { readonly ignore: boolean; readonly parse: boolean };
  readonly can_interrupt: boolean;
  readonly emit_analytics_event: boolean;
}
