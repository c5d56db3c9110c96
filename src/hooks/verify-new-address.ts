import { ChangeDeferred } from "../flow/change-deferred.ts";
import type { Hook } from "../flow/hook.ts";
import { holdChange } from "../flows/pending-change.ts";
import { identityByVerifiableAddress } from "../identity/address-statements.ts";
import { tooManyAddressChanges } from "../ui/code-messages.ts";
import { duplicateCredentials } from "../ui/messages.ts";

/** Keeps the old address until the new one is verified: nobody loses an account by a slip of the pen. */
export const verifyNewAddress: Hook = {
  async review(ctx, { flow, attempt, identity, session }) {
    const before = attempt.account;
    if (!before || !identity || !session) return undefined;
    const known = new Set(before.verifiableAddresses.map(({ via, value }) => `${via} ${value}`));
    const [address, ...more] = identity.verifiableAddresses.filter(({ via, value }) => !known.has(`${via} ${value}`));
    if (!address) return undefined;
    if (more.length > 0) throw new ChangeDeferred({ messages: [tooManyAddressChanges()] });
    if (await identityByVerifiableAddress(ctx, address)) return { complaints: [{ message: duplicateCredentials() }] };
    const verification = await ctx.tx((tx) =>
      holdChange(tx, { flow, attempt }, { before, after: identity, session, address }),
    );
    throw new ChangeDeferred({ verification });
  },
};
