import { isDeepStrictEqual } from "node:util";
import { codes } from "../code/entities.ts";
import type { Context } from "../context.ts";
import { remove } from "../db/query.ts";
import { identityByVerifiableAddress } from "../identity/address-statements.ts";
import type { AddressKey } from "../identity/address-statements.ts";
import type { IdentityRow, IdentityWithCredentialsRow } from "../identity/rows.ts";
import { identityById } from "../identity/statements.ts";
import { changeIdentity, prepareChange } from "../identity/write.ts";
import { schemasOf } from "../schema/schemas.ts";
import { isActive } from "../session/current.ts";
import { byOwner } from "../session/repository.ts";
import { sessionById } from "../session/statements.ts";
import type { SessionRow } from "../session/statements.ts";
import { verificationBroken } from "../ui/code-messages.ts";
import { duplicateCredentials } from "../ui/messages.ts";
import type { FlowView, StartedVerification } from "../flow/attempt.ts";
import { audit } from "../flow/audit.ts";
import type { Flow } from "../flow/flow.ts";
import { defineMemory, isRecord } from "../flow/memory.ts";
import type { HookRunner } from "../flow/hook-runner.ts";
import type { HookEvent } from "../flow/hook.ts";
import { findFlow } from "../flow/repository.ts";
import { startVerification } from "./start-verification.ts";
import type { AddressProof, Refusal } from "../flow/results.ts";

/** A change of the profile that waits for its new address to be verified. */
export interface PendingChange {
  readonly identityId: string;
  readonly sessionId: string;
  readonly settingsFlowId: string;
  /** What the change was made to: it is void if that has changed meanwhile. */
  readonly before: Record<string, unknown>;
  readonly traits: Record<string, unknown>;
  /** The address that has to be verified first. */
  readonly address: AddressKey;
}

const pendingChange = defineMemory(
  "pending_change",
  (value): value is PendingChange =>
    isRecord(value) &&
    ["identityId", "sessionId", "settingsFlowId"].every((name) => typeof value[name] === "string") &&
    ["before", "traits", "address"].every((name) => isRecord(value[name])),
);

/** The change that waits for a verification; undefined where none does. */
export const pendingChangeOf = (flow: Pick<Flow, "memory">): PendingChange | undefined => pendingChange.of(flow);

/** Whose an address is to verify in a flow: the account's that has it, or that waits for it. */
export async function ownerOf(ctx: Context, flow: Flow, to: AddressKey): Promise<IdentityRow | undefined> {
  const waiting = pendingChangeOf(flow);
  const awaited = waiting && waiting.address.via === to.via && waiting.address.value === to.value;
  return awaited ? identityById(ctx, waiting.identityId) : identityByVerifiableAddress(ctx, to);
}

/** Holds a change back, and sends a code to its new address. One change at a time waits: those before it are void. */
export async function holdChange(
  tx: Context,
  { flow, attempt }: FlowView,
  {
    before,
    after,
    session,
    address,
  }: {
    before: IdentityWithCredentialsRow;
    after: IdentityWithCredentialsRow;
    session: SessionRow;
    address: AddressKey;
  },
): Promise<StartedVerification> {
  const own = before.verifiableAddresses.map(({ value }) => value);
  await remove(tx, codes, (query) => {
    const unused = query
      .where("identityId", "=", before.id)
      .where("purpose", "=", "verification")
      .where("usedAt", "is", null);
    return own.length > 0 ? unused.where("address", "not in", own) : unused;
  });
  const change: PendingChange = {
    identityId: before.id,
    sessionId: session.id,
    settingsFlowId: flow.id,
    before: before.traits,
    traits: after.traits,
    address: { via: address.via, value: address.value },
  };
  return startVerification(tx, { flow, attempt }, before, address, pendingChange.with(change));
}

/** Makes the change that has waited, unless the session that asked for it is over or the account has changed since. */
export async function applyChange(
  ctx: Context,
  { identityId, sessionId, settingsFlowId, before, traits, address }: PendingChange,
  proof: AddressProof,
  hookRunner: HookRunner,
  also: (tx: Context) => Promise<void>,
): Promise<Refusal | void> {
  const session = await sessionById(ctx, sessionId);
  const stale = { complaints: [{ message: verificationBroken() }] };
  if (!session || !isActive(session, ctx.now()) || session.identity.id !== identityId) return stale;
  // Another address than the new one proves nothing about it.
  if (proof.via !== address.via || proof.address !== address.value) return stale;
  const flow = await findFlow(ctx, "settings", settingsFlowId);
  const schema = await schemasOf(ctx).get(session.identity.schemaId);
  let event: HookEvent | undefined;
  const written = await changeIdentity(ctx, identityId, byOwner(session, "settings.profile"), async (account, tx) => {
    if (!isDeepStrictEqual(account.traits, before)) throw new Stale();
    const after = prepareChange(tx, account, { schema, traits, verifiableAddresses: [{ ...address, verified: true }] });
    event = {
      flow,
      attempt: await hookRunner.within(tx, { flow, attempt: { account }, method: "profile", session, identity: after }),
      method: "profile",
      session,
    };
    await audit(tx, { flow, attempt: {} }, { outcome: "passed", method: "profile", identityId, sessionId });
    await also(tx);
    return after;
  }).catch((error: unknown) => {
    if (error instanceof Stale) return undefined;
    throw error;
  });
  if (!written) return stale;
  if (written.kind === "conflict") return { complaints: [{ message: duplicateCredentials() }] };
  await hookRunner.after(ctx, { ...event!, identity: written.value });
}

/** Thrown to undo a transaction: the account is no longer the one that the change was made to. */
class Stale extends Error {}
