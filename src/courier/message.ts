import type { TemplateType } from "../config/template-types.ts";

/** How far a message has come. */
export type MessageStatus = "queued" | "processing" | "sent" | "abandoned";

/** All that a message can have come to. */
export const messageStatuses: readonly MessageStatus[] = ["queued", "processing", "sent", "abandoned"];

/** What a message's text is made from, by the names that Kratos gives it in JSON. */
export interface TemplateData {
  /** The account, as its owner sees it. */
  readonly identity?: unknown;
  /** The traits of an account that is being made. */
  readonly traits?: unknown;
  readonly request_url?: string;
  /** The language that the message is to be in. */
  readonly locale?: string;
  readonly transient_payload?: unknown;
  readonly expires_in_minutes?: number;
  readonly recovery_url?: string;
  readonly recovery_code?: string;
  readonly verification_url?: string;
  readonly verification_code?: string;
  readonly login_code?: string;
  readonly registration_code?: string;
  /** Challenge and client of the OAuth 2.0 sign-in that the message belongs to. */
  readonly oauth2_login_request?: unknown;
  /** RFC 3339. */
  readonly changed_at?: string;
  /** RFC 3339. */
  readonly added_at?: string;
  /** RFC 3339. */
  readonly deleted_at?: string;
  /** Where its owner keeps an account that is to be deleted. */
  readonly cancel_url?: string;
  readonly invitation_url?: string;
  /** RFC 3339. */
  readonly expires_at?: string;
  /** What people call the site. */
  readonly site_name?: string;
  readonly [name: string]: unknown;
}

/** The language of the built-in texts. */
export const builtInLocale = "en";

/** The channel of what only looks like a message: it stands in for one that has no recipient, and workers discard it. */
export const nowhere = "(nowhere)";

/** A message that somebody is to get. */
export interface Mail {
  readonly channel: "email" | "sms";
  readonly templateType: TemplateType;
  /** An e-mail address or a phone number: the stored one, never the one typed. */
  readonly recipient: string;
  readonly data: TemplateData;
}

/** What a message says. */
export interface Wording {
  /** Empty in a text message. */
  readonly subject: string;
  readonly text: string;
  /** Null in a text message. */
  readonly html: string | null;
}
