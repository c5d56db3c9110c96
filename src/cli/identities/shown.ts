import { IdentitySchema, type Identity } from "#gen/ostiary/type/v1/identity_pb.js";
import { encoderOf } from "../../rest/encode.ts";
import type { Columns } from "../output/table.ts";

/** An identity as the admin API shows it over REST, by whichever protocol it came. */
export const shownIdentity = encoderOf(IdentitySchema);

/** What a table tells of identities. */
export const identityColumns: Columns<Identity> = {
  ID: ({ id }) => id,
  "EXTERNAL ID": ({ externalId }) => externalId,
  "VERIFIED ADDRESSES": ({ verifiableAddresses }) =>
    verifiableAddresses
      .filter(({ verified }) => verified)
      .map(({ value }) => value)
      .join(", "),
  "RECOVERY ADDRESSES": ({ recoveryAddresses }) => recoveryAddresses.map(({ value }) => value).join(", "),
  "SCHEMA ID": ({ schemaId }) => schemaId,
  "SCHEMA URL": ({ schemaUrl }) => schemaUrl,
};
