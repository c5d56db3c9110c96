import type { Context } from "../context.ts";
import { ErrorReason, problem } from "../errors.ts";
import type { Flow, Memory } from "../flow/flow.ts";
import { schemaOf } from "../flow/flow-schema.ts";
import { defineMemory, isRecord } from "../flow/memory.ts";
import { assertMayBegin } from "../flow/new-rows.ts";
import { acceptTraits } from "../flow/traits.ts";
import type { AcceptedTraits } from "../flow/traits.ts";
import type { InvitationRow } from "../invitation/entities.ts";
import { findInvitation, invitationOfToken } from "../invitation/find.ts";
import { assertOpen } from "../invitation/open.ts";
import { mergeTraits } from "../provider/merge-traits.ts";
import { traitNodes } from "../schema/trait-nodes.ts";
import type { UiNode } from "../ui/node.ts";

type Traits = Record<string, unknown>;
type Remembering = Pick<Flow, "memory">;

/** What a registration flow knows of the invitation that it began by. Nothing of that changes once it is made but its state. */
export interface Invited {
  readonly id: string;
  readonly via: "email" | "sms";
  readonly address: string;
  /** Whether the link was sent to the address: whoever has it has read it there. */
  readonly proven: boolean;
  readonly traits: Traits;
}

const invitation = defineMemory(
  "invitation",
  (value): value is Invited =>
    isRecord(value) &&
    typeof value["id"] === "string" &&
    ["email", "sms"].includes(value["via"] as string) &&
    typeof value["address"] === "string" &&
    typeof value["proven"] === "boolean" &&
    isRecord(value["traits"]),
);

/** The invitation that a flow began by. */
export const invitedBy = (flow: Remembering): Invited | undefined => invitation.of(flow);

/** What a flow remembers that takes the place of another one. */
export const stillInvited = (flow: Remembering): Memory => invitation.with(invitation.of(flow));

/**
 * The invitation whose link somebody follows, and what their flow is to remember of it. Throws as `assertOpen` does, and
 * TOO_MANY_REQUESTS for a client that tries many links: one that is none counts as a flow.
 */
export async function followInvitation(
  ctx: Context,
  token: string,
): Promise<{ readonly row: InvitationRow; readonly memory: Memory }> {
  const found = await invitationOfToken(ctx, token);
  if (!found) assertMayBegin(ctx);
  const row = assertOpen(ctx, found);
  const { id, via, address, sentAt, traits } = row;
  return { row, memory: invitation.with({ id, via, address, proven: sentAt !== null, traits }) };
}

/** The invitation that a flow began by, as it is now. Throws where it is of no more use; undefined where there was none. */
export async function stillOpen(ctx: Context, flow: Remembering): Promise<InvitationRow | undefined> {
  const invited = invitedBy(flow);
  return invited && assertOpen(ctx, await findInvitation(ctx, invited.id));
}

/** Refuses to sign anybody up where that is switched off, and those who were not invited where all have to be. */
export function assertMayRegister({ config }: Context, flow: Remembering): void {
  const { enabled, by_invitation_only: invitedOnly } = config.selfservice.flows.registration;
  if (invitedOnly && !invitedBy(flow))
    throw problem(ErrorReason.SELF_SERVICE_FLOW_DISABLED, { reason: "Registration is by invitation only." });
  if (!enabled && !invitedOnly)
    throw problem(ErrorReason.SELF_SERVICE_FLOW_DISABLED, { reason: "Registration is disabled." });
}

/** The traits of a sign-up, judged: those that an invitation says are as it says them, whatever was sent. */
export const acceptRegistrationTraits = async (ctx: Context, flow: Flow, sent: Traits): Promise<AcceptedTraits> =>
  acceptTraits(ctx, await schemaOf(ctx, flow), sent, invitedBy(flow)?.traits);

/** The part of a sign-up's form in which people say what is true of them. What an invitation says is shown, and cannot be changed. */
export async function registrationTraitNodes(
  ctx: Context,
  flow: Flow,
  traits: Traits,
  shape: { readonly group?: string; readonly hidden?: boolean } = {},
): Promise<UiNode[]> {
  const fixed = invitedBy(flow)?.traits ?? {};
  return traitNodes(await schemaOf(ctx, flow), mergeTraits(traits, fixed), { ...shape, fixed });
}
