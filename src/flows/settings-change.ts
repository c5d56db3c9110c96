import { isDeepStrictEqual } from "node:util";
import type { Context } from "../context.ts";
import { ErrorReason, problem } from "../errors.ts";
import type { Cause } from "../events/cause.ts";
import { edited } from "../flow/account-edit.ts";
import type { Attempt, FlowView } from "../flow/attempt.ts";
import { audit } from "../flow/audit.ts";
import type { Flow } from "../flow/flow.ts";
import type { HookRunner } from "../flow/hook-runner.ts";
import type { AccountChange, Complaint } from "../flow/results.ts";
import type { Method, Strategy } from "../flow/strategy.ts";
import { canSignIn } from "../identity/factors.ts";
import type { IdentityWithCredentialsRow } from "../identity/rows.ts";
import { changeIdentity } from "../identity/write.ts";
import { assertMayTouchSecondFactors, touchesSecondFactors } from "../proof/second-factors.ts";
import { assertOwn } from "../session/act.ts";
import type { SessionMethod } from "../session/entities.ts";
import type { IssuedSession } from "../session/issue.ts";
import { rotateSession } from "../session/renew.ts";
import { byOwner } from "../session/repository.ts";
import type { SessionRow } from "../session/statements.ts";
import { invalidSubmission } from "../ui/messages.ts";
import { isPrivileged, refreshRequired } from "./privilege.ts";

/** Whether a change concerns how somebody signs in, or where they can be reached. */
export function touchesAccess(before: IdentityWithCredentialsRow, after: IdentityWithCredentialsRow): boolean {
  const access = ({ credentials, verifiableAddresses, recoveryAddresses }: IdentityWithCredentialsRow) => [
    credentials.map(({ type, identifiers, config }) => [type, identifiers.toSorted(), config]),
    verifiableAddresses.map(({ value }) => value),
    recoveryAddresses.map(({ value }) => value),
  ];
  return !isDeepStrictEqual(access(before), access(after));
}

/** Thrown to undo a transaction in which a change turned out not to be possible. */
export class Unfit extends Error {
  readonly complaints: readonly Complaint[];
  constructor(complaints: readonly Complaint[]) {
    super("Your account has changed in the meantime. Start again.");
    this.complaints = complaints;
  }
}

/** A change on its way. */
export interface Passed {
  readonly ctx: Context;
  readonly view: FlowView<"settings">;
  readonly strategy: Strategy<Method>;
  readonly change: AccountChange;
  readonly hookRunner: HookRunner;
}

/** A change that is written. */
export interface Written {
  readonly account: IdentityWithCredentialsRow;
  readonly issued: IssuedSession;
  readonly attempt: Attempt;
}

/** Writes the account as it shall be, with what hooks make of it. Hooks are asked before, since nobody waits for them in a transaction. */
export async function writeChange({ ctx, view, strategy, change, hookRunner }: Passed, session: SessionRow) {
  const { flow, attempt } = view;
  const event = { ...view, method: strategy.name, session };
  const wanted = applied(ctx, flow, session, attempt.account!, change);
  const reviewed = await hookRunner.review(ctx, { ...event, identity: wanted });
  if ("complaints" in reviewed) throw new Unfit(reviewed.complaints);
  let done: Omit<Written, "account"> | undefined;
  const cause = byOwner(session, `settings.${strategy.name}`);
  const written = await changeIdentity(ctx, session.identity.id, cause, async (account, tx) => {
    let after = applied(ctx, flow, session, account, change);
    for (const edit of reviewed.edits) after = await edited(ctx, after, edit);
    await audit(tx, view, { outcome: "passed", method: strategy.name, identityId: account.id, sessionId: session.id });
    const issued = await renew(tx, flow, strategy, change, session, cause);
    done = { issued, attempt: await hookRunner.within(tx, { ...event, identity: after }) };
    return after;
  });
  if (!written) throw problem(ErrorReason.NOT_FOUND);
  return written.kind === "conflict" ? written : { kind: written.kind, account: written.value, ...done! };
}

const lastWayIn = "You could no longer sign in after this change. Add another way to sign in first.";

function applied(
  ctx: Context,
  flow: Flow,
  session: SessionRow,
  account: IdentityWithCredentialsRow,
  change: AccountChange,
) {
  const after = change.apply(account);
  if ("complaints" in after) throw new Unfit(after.complaints);
  // The account may have changed since the submission was looked at.
  if (change.proves !== undefined || touchesAccess(account, after)) assertOwn(session);
  if (touchesAccess(account, after) && !isPrivileged(ctx, session)) throw refreshRequired(ctx, flow);
  // Names go along with traits: with the last of them goes the way in.
  if (canSignIn(ctx.config, account.credentials) && !canSignIn(ctx.config, after.credentials))
    throw new Unfit([{ message: invalidSubmission(lastWayIn) }]);
  if (change.proves === 2 || touchesSecondFactors(ctx, account, after))
    assertMayTouchSecondFactors(ctx, session, account);
  return after;
}

function renew(
  tx: Context,
  flow: Flow,
  { name }: Strategy<Method>,
  { proves, method }: AccountChange,
  session: SessionRow,
  cause: Cause,
): Promise<IssuedSession> {
  const proved: SessionMethod | undefined = proves && {
    ...(method ?? { method: name, completed_at: tx.now().toISOString() }),
    aal: `aal${proves}`,
  };
  return rotateSession(tx, session, flow.type === "api", proved, cause);
}
