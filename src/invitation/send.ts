import type { Context } from "../context.ts";
import { enqueue } from "../courier/enqueue.ts";
import { ErrorReason, problem } from "../errors.ts";
import type { Cause } from "../events/cause.ts";
import { record } from "../events/record.ts";
import { countTry } from "../throttle/throttle.ts";
import type { InvitationRow } from "./entities.ts";
import { invitationUrl, signUpUrl } from "./token.ts";

/** Sends the link of an invitation to its address, within the transaction that writes it. Throws TOO_MANY_REQUESTS. */
export async function sendInvitation(tx: Context, row: InvitationRow, token: string, cause: Cause): Promise<void> {
  const { id, via, address, traits, locale, expiresAt } = row;
  const { messages: tries, within: windowMs } = tx.config.selfservice.invitations.sends_per_recipient;
  if (tries > 0 && !(await countTry(tx, { what: "invitation to", whom: `${via} ${address}` }, { tries, windowMs })))
    throw problem(ErrorReason.TOO_MANY_REQUESTS, {
      reason: "This address was sent as many invitations as it may be for now. Wait a while, then try again.",
    });
  await enqueue(tx, {
    channel: via,
    recipient: address,
    templateType: "invitation_valid",
    data: {
      traits,
      request_url: signUpUrl(tx.config).href,
      invitation_url: invitationUrl(tx.config, token),
      expires_at: expiresAt.toISOString(),
      site_name: tx.config.selfservice.pages.name,
      ...(locale !== null && { locale }),
    },
  });
  const payload = { invitation_id: id, via, expires_at: expiresAt.toISOString() };
  await record(tx, cause, { type: "InvitationSent", payload });
}
