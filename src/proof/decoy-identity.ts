import type { Context } from "../context.ts";
import { uuidv7 } from "../db/id.ts";
import type { AddressKey } from "../identity/address-statements.ts";
import type { IdentityRow } from "../identity/rows.ts";

/** An account as somebody might have it with this address: a message that nobody gets is made of it. */
export function decoyIdentity({ config, now }: Context, { via, value }: AddressKey): IdentityRow {
  const at = now();
  const once = { createdAt: at, updatedAt: at };
  const address = { via, value, ...once };
  const id = uuidv7(at.getTime());
  return {
    ...once,
    id,
    schemaId: config.identity.default_schema_id,
    state: "active",
    stateChangedAt: at,
    traits: { [via === "email" ? "email" : "phone"]: value },
    metadataPublic: null,
    metadataAdmin: null,
    externalId: null,
    organizationId: null,
    region: null,
    secondFactors: "",
    lastSignInAt: new Date(0),
    deletionDueAt: null,
    verifiableAddresses: [{ ...address, id, verified: false, verifiedAt: null, status: "pending" }],
    recoveryAddresses: [{ ...address, id }],
  };
}
