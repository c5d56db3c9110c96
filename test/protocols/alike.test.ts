import { test } from "node:test";
import type { DescMethodUnary, DescService } from "@bufbuild/protobuf";
import fc from "fast-check";
import { CourierService } from "#gen/ostiary/admin/v1/courier_service_pb.js";
import { IdentityService } from "#gen/ostiary/admin/v1/identity_service_pb.js";
import { LoginTestService } from "#gen/ostiary/admin/v1/login_test_service_pb.js";
import { MetadataService } from "#gen/ostiary/admin/v1/metadata_service_pb.js";
import { RecoveryService as AdminRecoveryService } from "#gen/ostiary/admin/v1/recovery_service_pb.js";
import { SessionService as AdminSessionService } from "#gen/ostiary/admin/v1/session_service_pb.js";
import { FlowErrorService } from "#gen/ostiary/public/v1/flow_error_service_pb.js";
import { LoginService } from "#gen/ostiary/public/v1/login_service_pb.js";
import { LogoutService } from "#gen/ostiary/public/v1/logout_service_pb.js";
import { OidcService } from "#gen/ostiary/public/v1/oidc_service_pb.js";
import { RecoveryService } from "#gen/ostiary/public/v1/recovery_service_pb.js";
import { RegistrationService } from "#gen/ostiary/public/v1/registration_service_pb.js";
import { SchemaService } from "#gen/ostiary/public/v1/schema_service_pb.js";
import { SessionService } from "#gen/ostiary/public/v1/session_service_pb.js";
import { SettingsService } from "#gen/ostiary/public/v1/settings_service_pb.js";
import { VerificationService } from "#gen/ostiary/public/v1/verification_service_pb.js";
import { WellKnownService } from "#gen/ostiary/public/v1/well_known_service_pb.js";
import { random } from "../support/property.ts";
import { begin, password, signedIn } from "../support/person.ts";
import { randomMessage } from "../support/random-message.ts";
import { createWorlds, callAll } from "../support/worlds.ts";
import type { World } from "../support/worlds.ts";

const services = {
  public: [LoginService, RegistrationService, SettingsService, RecoveryService, VerificationService, LogoutService, SessionService, SchemaService, FlowErrorService, WellKnownService, OidcService],
  admin: [IdentityService, AdminSessionService, AdminRecoveryService, CourierService, LoginTestService, MetadataService],
} satisfies Record<string, DescService[]>;

/** Two people, one of them signed in, and a flow of each kind. */
async function furnish({ server, ids }: World): Promise<void> {
  const pat = await signedIn(server);
  const { id: sam } = await server.createPerson({ email: "sam@example.org", password });
  for (const kind of ["login", "registration", "recovery", "verification"]) ids.set(`@${kind}`, (await begin(server, kind, {})).id);
  ids.set("@settings", (await begin(server, "settings", pat.headers)).id);
  ids.set("@session", (await server.adminClient.get(`/admin/identities/${pat.id}/sessions`)).body[0].id);
  ids.set("@pat", pat.id).set("@sam", sam).set("@token", pat.headers["x-session-token"]);
}

const references = ["@pat", "@sam", "@login", "@registration", "@recovery", "@verification", "@settings", "@session"];
const people = ["pat@example.org", "sam@example.org", "new@example.org", "PAT@example.org"];
const words: Record<string, readonly unknown[]> = {
  id: references,
  flow: references.slice(2),
  identities: references,
  sessions: references,
  identifier: people,
  email: people,
  credentials_identifier: people,
  password: [password, "short", "another-horse-battery-10"],
  session_token: ["@token"],
  schema_id: ["person"],
  identity_schema: ["person"],
  type: ["password", "totp", "lookup_secret", "oidc"],
  include_credential: ["password", "totp"],
  expand: ["identity", "devices"],
  aal: ["aal1", "aal2"],
  return_to: ["http://app.example.org/x", "http://evil.example/"],
  traits: people.map((email) => ({ email })),
  op: ["add", "replace", "remove", "test"],
  path: ["/traits/email", "/metadata_public", "/state", "/traits/name", "/id"],
  consistency: ["strong", "eventual"],
  page_size: [1, 2],
  csrf_token: [""],
};
const usual = (field: string) => words[field] ?? [];

for (const [port, descs] of Object.entries(services) as ["public" | "admin", DescService[]][])
  test(`every protocol of the ${port} port answers a call alike`, async (t) => {
    const worlds = await createWorlds(t);
    await Promise.all(worlds.map(furnish));
    const calls = descs.flatMap(({ methods }) => methods as DescMethodUnary[]);
    const call = fc.constantFrom(...calls).chain((method) =>
      fc.record({ method: fc.constant(method), tree: randomMessage(method.input, usual), headers: fc.constantFrom<Record<string, string>>({}, { "x-session-token": "@token" }) }),
    );
    await fc.assert(
      fc.asyncProperty(call, async (one) => void (await callAll(worlds, port, one))),
      random(60),
    );
  });
