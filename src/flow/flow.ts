import type { Message } from "../ui/message.ts";
import type { UiNode } from "../ui/node.ts";

/** The kinds of self-service flows that are kept. */
export type FlowKind = "login" | "registration" | "settings" | "recovery" | "verification";

/** The form of a flow as it is stored. */
export interface Form {
  nodes: UiNode[];
  messages: Message[];
}

/** One run through a self-service flow: a form, and how far it has come. */
export interface Flow {
  readonly id: string;
  readonly kind: FlowKind;
  readonly type: "browser" | "api";
  readonly requestUrl: string;
  readonly returnTo: string | null;
  readonly requestedAal: 1 | 2;
  readonly refresh: boolean;
  readonly identityId: string | null;
  readonly organizationId: string | null;
  readonly identitySchema: string | null;
  readonly oauth2LoginChallenge: string | null;
  readonly sessionTokenExchangeCode: string | null;
  /** SHA-256 of the browser's anti-CSRF token, in hex; null for native flows. */
  readonly csrfHash: string | null;
  readonly issuedAt: Date;
  readonly expiresAt: Date;
  readonly createdAt: Date;
  updatedAt: Date;
  state: string;
  /** The method that was last at work, by its name on the wire. */
  active: string | null;
  ui: Form;
  /** What strategies keep between two submissions. Never shown. */
  internal: Record<string, unknown>;
  /** Sent with the submission at hand; handed to hooks, never stored. */
  transientPayload?: Record<string, unknown>;
  /** The valid traits of the submission at hand: what an identity in the making will be. Never stored. */
  traits?: Record<string, unknown>;
}
