import { create, fromJson } from "@bufbuild/protobuf";
import type { JsonObject } from "@bufbuild/protobuf";
import { ValueSchema } from "@bufbuild/protobuf/wkt";
import { CreateIdentityBodySchema } from "#gen/ostiary/admin/v1/identity_service_pb.js";
import type { CreateIdentityBody } from "#gen/ostiary/admin/v1/identity_service_pb.js";
import { IdentityState } from "#gen/ostiary/type/v1/identity_pb.js";
import type { SeedPerson } from "../../seed/people.ts";

/** A key for authenticator apps that everybody may know. */
const totpUrl = "otpauth://totp/Ostiary?secret=JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP&issuer=Ostiary";
const backupCodes = ["seed0001", "seed0002", "seed0003", "seed0004"];

/** Somebody made up, as an administrator would create them. */
export function seedBody(
  person: SeedPerson,
  { traits, hash }: { readonly traits: JsonObject; readonly hash: string },
): CreateIdentityBody {
  const { active, verified, hasPassword, hasTotp, hasBackupCodes, externalId, plan, email, phone } = person;
  const addresses = [
    { value: email, via: "email" },
    { value: phone, via: "sms" },
  ];
  return create(CreateIdentityBodySchema, {
    traits,
    state: active ? IdentityState.ACTIVE : IdentityState.INACTIVE,
    metadataPublic: fromJson(ValueSchema, { plan }),
    metadataAdmin: fromJson(ValueSchema, { seeded: true }),
    ...(externalId && { externalId }),
    verifiableAddresses: addresses.map((address) => ({
      ...address,
      verified,
      status: verified ? "completed" : "pending",
    })),
    credentials: {
      ...(hasPassword && { password: { config: { hashedPassword: hash } } }),
      ...(hasTotp && { totp: { config: { totpUrl } } }),
      ...(hasBackupCodes && { lookupSecret: { config: { codes: backupCodes.map((code) => ({ code })) } } }),
    },
  });
}
