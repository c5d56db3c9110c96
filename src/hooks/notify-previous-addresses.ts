import type { HookConfig } from "../config/selfservice-config.ts";
import { enqueue } from "../courier/enqueue.ts";
import type { Hook } from "../flow/hook.ts";
import { describeIdentity } from "../identity/describe.ts";
import type { VerifiableAddressRow } from "../identity/rows.ts";

type Config = Extract<HookConfig, { hook: "notify_previous_addresses" }>;

/** Tells the addresses that an account had that they have changed, in the transaction that changes them. */
export const notifyPreviousAddresses: Hook<Config> = {
  async within(tx, { attempt, identity }, { config: { recipients } }) {
    const before = attempt.account?.verifiableAddresses ?? [];
    const after = new Set(identity?.verifiableAddresses.map(keyOf));
    if (!identity || (before.length === after.size && before.every((one) => after.has(keyOf(one))))) return;
    const told = before.filter((one) =>
      recipients === "removed" ? !after.has(keyOf(one)) : recipients === "all" || one.verified,
    );
    const data = {
      identity: describeIdentity(identity, tx.config),
      changed_at: tx.now().toISOString(),
      transient_payload: attempt.transientPayload ?? {},
    };
    for (const { via, value } of told)
      await enqueue(tx, { channel: via, templateType: "verifiable_address_changed", recipient: value, data });
  },
};

const keyOf = ({ via, value }: VerifiableAddressRow) => `${via} ${value}`;
