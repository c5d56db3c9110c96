import type { Config } from "./config.ts";

/** What calls out to other servers may do. */
export type ClientsConfig = Config["clients"];

/** How messages are made and sent. */
export type CourierConfig = Config["courier"];

/** How many messages may go out in a time; 0 stands for any number. */
export type MessageLimit = CourierConfig["limits"]["per_address"];

/** A way to send messages beside the one for all mail. */
export type CourierChannel = CourierConfig["channels"][number];

/** The mail server. */
export type SmtpConfig = CourierConfig["smtp"];

/** An outgoing HTTP call whose body is made by Jsonnet. */
export type OutgoingRequest = NonNullable<CourierConfig["http"]["request_config"]>;

/** Credentials of an outgoing HTTP call. */
export type OutgoingAuth = NonNullable<OutgoingRequest["auth"]>;

type Templates = CourierConfig["templates"];

/** Where an e-mail's parts are loaded from. */
export type EmailTemplate = NonNullable<NonNullable<Templates["authenticator_key_added"]>["email"]>;

/** Where an SMS' text is loaded from. */
export type SmsTemplate = NonNullable<NonNullable<Templates["authenticator_key_added"]>["sms"]>;

/** One message as e-mail and as SMS. */
interface TemplatePair {
  readonly email?: EmailTemplate;
  readonly sms?: SmsTemplate;
}

/** The texts of any kind of message; what is not set is built in. */
export type TemplateSet = TemplatePair & { readonly [H in "valid" | "invalid"]?: TemplatePair };
