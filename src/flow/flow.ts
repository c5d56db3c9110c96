import type { Message } from "../ui/message.ts";
import type { UiNode } from "../ui/node.ts";
import type { FlowKind, FlowState } from "./kinds.ts";

/** The form of a flow as it is stored. */
export interface Form {
  readonly nodes: readonly UiNode[];
  readonly messages: readonly Message[];
  /** Where the form leads when there is nothing more to submit. */
  readonly action?: string;
}

/** A form that is not for those who read the database. */
export interface SealedForm {
  readonly sealed: string;
}

/** What a flow remembers between two submissions: a value for each owner, which alone knows its form (see `defineMemory`). */
export type Memory = Readonly<Record<string, unknown>>;

interface StoredFlow<K extends FlowKind> {
  readonly id: string;
  readonly kind: K;
  readonly type: "browser" | "api";
  readonly requestUrl: string;
  readonly returnTo: string | null;
  readonly requestedAal: 1 | 2;
  readonly refresh: boolean;
  readonly identityId: string | null;
  readonly organizationId: string | null;
  readonly identitySchema: string | null;
  readonly oauth2LoginChallenge: string | null;
  /** SHA-256 of the code that a native client will exchange for its session, in hex. */
  readonly exchangeCodeHash: string | null;
  /** The provider that an administrator tries out by the flow, by its id; null for flows that sign somebody in. */
  readonly testProvider: string | null;
  /** SHA-256 of the browser's anti-CSRF token, in hex; null for native flows. */
  readonly csrfHash: string | null;
  readonly issuedAt: Date;
  readonly expiresAt: Date;
  readonly createdAt: Date;
  readonly updatedAt: Date;
  readonly state: FlowState<K>;
  /** The method that was last at work, by its name on the wire. */
  readonly active: string | null;
  readonly ui: Form;
  /** How many challenges have been answered; only `spendChallenge` counts. */
  readonly challengesSpent: number;
  /** Never shown. */
  readonly memory: Memory;
}

/** One run through a self-service flow, exactly as it is stored: a form, and how far it has come. */
export type Flow<K extends FlowKind = FlowKind> = { readonly [k in FlowKind]: StoredFlow<k> }[K];
