import { enqueue } from "../courier/enqueue.ts";
import type { Hook } from "../flow/hook.ts";
import { describeIdentity } from "../identity/describe.ts";
import { keyHashes } from "../identity/key-rows.ts";
import type { IdentityWithCredentialsRow } from "../identity/rows.ts";

/**
 * Tells people that a key which signs in to their account was added, in the transaction that adds it: who did not add it
 * finds out. It goes to where they have shown to be reached, else to where their way back would be sent.
 */
export const notifyKeyAdded: Hook = {
  async within(tx, { attempt, identity }) {
    const before = new Set(hashesOf(attempt.account));
    if (!identity || hashesOf(identity).every((hash) => before.has(hash))) return;
    const data = {
      identity: describeIdentity(identity, tx.config),
      added_at: tx.now().toISOString(),
      transient_payload: attempt.transientPayload ?? {},
    };
    for (const { via, value } of addressesOf(identity))
      await enqueue(tx, { channel: via, templateType: "authenticator_key_added", recipient: value, data });
  },
};

const hashesOf = (account: IdentityWithCredentialsRow | undefined) => account?.credentials.flatMap(keyHashes) ?? [];

function addressesOf({ verifiableAddresses, recoveryAddresses }: IdentityWithCredentialsRow) {
  const verified = verifiableAddresses.filter((address) => address.verified);
  return verified.length > 0 ? verified : recoveryAddresses;
}
