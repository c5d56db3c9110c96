import type { Identity } from "#gen/ostiary/admin_calls.js";
import { Card } from "../../parts/card.tsx";
import { Badge, Empty } from "../../parts/notes.tsx";

/** The addresses of an account: what of them is proved, and by which it can be recovered. */
export function Addresses({ identity }: { identity: Identity }) {
  const recovery = new Set((identity.recovery_addresses ?? []).map(({ value }) => value));
  const verifiable = identity.verifiable_addresses ?? [];
  const others = [...recovery].filter((value) => !verifiable.some((one) => one.value === value));
  if (!verifiable.length && !others.length)
    return (
      <Card title="Addresses">
        <Empty title="No addresses">The schema names no trait as an address.</Empty>
      </Card>
    );
  return (
    <Card title="Addresses">
      <ul class="lines">
        {verifiable.map(({ id, value, verified, via }) => (
          <li key={id}>
            <span class="grow">
              {value} <span class="second">{via}</span>
            </span>
            {verified ? <Badge tone="good">verified</Badge> : <Badge tone="warning">not verified</Badge>}
            {recovery.has(value) && <Badge>recovery</Badge>}
          </li>
        ))}
        {others.map((value) => (
          <li key={value}>
            <span class="grow">{value}</span>
            <Badge>recovery</Badge>
          </li>
        ))}
      </ul>
    </Card>
  );
}
