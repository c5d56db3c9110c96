import assert from "node:assert/strict";
import type { Json } from "./client.ts";
import { mailTo } from "./mailbox.ts";
import type { TestServer } from "./server.ts";

/** An invitation, and the token by which it is accepted. */
export interface MadeInvitation {
  readonly id: string;
  readonly token: string;
  /** As the contract shows it. */
  readonly shown: Json;
}

/** Invites somebody by e-mail, and reads the link in their mailbox. */
export async function inviteByMail(server: TestServer, address: string, more: object = {}): Promise<MadeInvitation> {
  const { shown } = await create(server, { recipient: { address }, ...more });
  return { shown, id: shown.id, token: tokenIn(await mailTo(server, address, { type: "invitation_valid" })) };
}

/** Invites somebody by a link that is handed out. */
export async function inviteByHand(server: TestServer, address: string, more: object = {}): Promise<MadeInvitation> {
  const { shown, token } = await create(server, { recipient: { address }, send: false, ...more });
  return { shown, id: shown.id, token };
}

/** The token in the link of a message. */
export const tokenIn = ({ templateData }: { readonly templateData: Json }): string =>
  new URL(templateData.invitation_url).searchParams.get("invitation")!;

async function create({ adminClient }: TestServer, wanted: object): Promise<{ shown: Json; token: string }> {
  const { status, body } = await adminClient.post("/admin/invitations", wanted);
  assert.equal(status, 201, JSON.stringify(body));
  return { shown: body.invitation, token: body.token };
}
