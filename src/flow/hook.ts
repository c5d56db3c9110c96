import type { HookConfig } from "../config/selfservice-config.ts";
import type { Context } from "../context.ts";
import type { AddressClaim } from "../identity/addresses.ts";
import type { IdentityWithCredentialsRow } from "../identity/rows.ts";
import type { SessionRow } from "../session/statements.ts";
import type { FlowView, StartedVerification } from "./attempt.ts";
import type { Complaint } from "./results.ts";

/** What a hook reacts to. */
export interface HookEvent extends FlowView {
  /** The method that passed, by its name on the wire; none when a flow begins. */
  readonly method?: string;
  /** The account, as it is or as it is about to be. */
  readonly identity?: IdentityWithCredentialsRow;
  /** The session at which something happens, or that is about to begin. */
  readonly session?: SessionRow;
}

/** What a hook makes of an account. What is left out stays. */
export interface AccountEdit {
  readonly schemaId?: string;
  readonly traits?: Record<string, unknown>;
  readonly state?: "active" | "inactive";
  readonly metadataPublic?: IdentityWithCredentialsRow["metadataPublic"];
  readonly metadataAdmin?: IdentityWithCredentialsRow["metadataAdmin"];
  readonly externalId?: string;
  readonly verifiableAddresses?: readonly AddressClaim[];
}

/** What a hook says before anything is written. */
export interface HookResult {
  /** What is wrong: the flow does not go on. */
  readonly complaints?: readonly Complaint[];
  readonly edit?: AccountEdit;
}

/** What a hook has done that the answer tells of. */
export interface HookEffect {
  /** The account as it is by now. */
  readonly account?: IdentityWithCredentialsRow;
  readonly verification?: StartedVerification;
}

/**
 * A reaction to flows, by the moments at which it acts. What it throws ends the flow.
 *
 * @example
 * export const revokeActiveSessions: Hook = {
 *   async within(tx, { identity, session }) {
 *     if (identity && session) await revokeOtherSessions(tx, identity.id, session.id, { reason: "hook.revoke_active_sessions" });
 *   },
 * };
 */
export interface Hook<C extends HookConfig = HookConfig> {
  /** A flow begins. */
  before?(ctx: Context, event: HookEvent, config: C): Promise<void>;
  /** A method has passed, and nothing is written yet. */
  review?(ctx: Context, event: HookEvent, config: C): Promise<HookResult | undefined>;
  /** In the transaction that writes what came of it. May run again: it has no effects but on the database. */
  within?(tx: Context, event: HookEvent, config: C): Promise<HookEffect | void>;
  /** It is written. */
  after?(ctx: Context, event: HookEvent, config: C): Promise<HookEffect | void>;
}

/** The hooks that are built, by the name under which they are configured. */
export type Hooks = { readonly [H in HookConfig["hook"]]?: Hook<Extract<HookConfig, { hook: H }>> };
