import type { TemplateType } from "./template-types.ts";

/** What calls out to other servers may do. */
export interface ClientsConfig {
  readonly http: {
    readonly disallow_private_ip_ranges: boolean;
    readonly private_ip_exception_urls: readonly string[];
  };
  readonly smtp: { readonly disallow_private_ip_ranges: boolean };
  readonly web_hook: { readonly header_allowlist: readonly string[] };
}

/** Credentials of an outgoing HTTP call. */
export type OutgoingAuth =
  | {
      readonly type: "api_key";
      readonly config: { readonly name: string; readonly value: string; readonly in: "header" | "cookie" };
    }
  | { readonly type: "basic_auth"; readonly config: { readonly user: string; readonly password: string } };

/** An outgoing HTTP call whose body is made by Jsonnet. */
export interface OutgoingRequest {
  readonly url: string;
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly auth?: OutgoingAuth;
}

/** How many messages may go out in a time; 0 stands for any number. */
export interface MessageLimit {
  readonly messages: number;
  readonly within: number;
}

/** How messages are made and sent. */
export interface CourierConfig {
  readonly templates: Readonly<Record<string, TemplateSet | undefined>>;
  readonly template_override_path?: string;
  readonly limits: { readonly per_address: MessageLimit; readonly per_address_daily: MessageLimit; readonly per_client: MessageLimit };
  readonly locale: { readonly languages: readonly string[]; readonly default: string; readonly from: string };
  readonly message_retries: number;
  readonly worker: { readonly pull_count: number; readonly pull_wait: number };
  readonly delivery_strategy: "smtp" | "http";
  readonly http: { readonly request_config?: OutgoingRequest };
  readonly smtp: SmtpConfig;
  readonly channels: readonly CourierChannel[];
}

/** A way to send messages beside the one for all mail. */
export interface CourierChannel {
  readonly id: string;
  readonly carries: "email" | "sms";
  readonly type: "http" | "smtp";
  /** There if `type` is `http`. */
  readonly request_config?: OutgoingRequest;
  /** There if `type` is `smtp`. */
  readonly smtp_config?: SmtpConfig;
  readonly message_types: readonly TemplateType[];
  /** Ids of the channels that take turns with this one. */
  readonly fallback: readonly string[];
}

/** The mail server. */
export interface SmtpConfig {
  readonly connection_uri?: string;
  readonly client_cert_path: string;
  readonly client_key_path: string;
  readonly from_address: string;
  readonly from_name?: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly local_name: string;
}

/** The texts of one kind of message; what is not set is built in. */
export interface TemplateSet {
  readonly valid?: TemplatePair;
  readonly invalid?: TemplatePair;
  readonly email?: EmailTemplate;
  readonly sms?: SmsTemplate;
}

/** One message as e-mail and as SMS. */
export interface TemplatePair {
  readonly email?: EmailTemplate;
  readonly sms?: SmsTemplate;
}

/** Where an e-mail's parts are loaded from. */
export interface EmailTemplate {
  readonly subject?: string;
  readonly body?: { readonly plaintext?: string; readonly html?: string };
}

/** Where an SMS' text is loaded from. */
export interface SmsTemplate {
  readonly body?: { readonly plaintext?: string };
}

/** The OAuth 2.0 server that this server signs people in for. */
export interface OAuth2ProviderConfig {
  readonly url?: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly override_return_to: boolean;
}
