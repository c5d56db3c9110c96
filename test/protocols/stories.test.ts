import assert from "node:assert/strict";
import { test } from "node:test";
import type { DescMethodUnary } from "@bufbuild/protobuf";
import fc from "fast-check";
import { IdentityService } from "#gen/ostiary/admin/v1/identity_service_pb.js";
import { LoginService } from "#gen/ostiary/public/v1/login_service_pb.js";
import { LogoutService } from "#gen/ostiary/public/v1/logout_service_pb.js";
import { RegistrationService } from "#gen/ostiary/public/v1/registration_service_pb.js";
import { SessionService } from "#gen/ostiary/public/v1/session_service_pb.js";
import { SettingsService } from "#gen/ostiary/public/v1/settings_service_pb.js";
import { random } from "../support/property.ts";
import { callAll, createWorlds, masked } from "../support/worlds.ts";
import type { World } from "../support/worlds.ts";

/** A step of a story. What it leads to may be named: `as` is the name, `at` says where in the answer it stands. */
interface Step {
  readonly port: "public" | "admin";
  readonly method: DescMethodUnary;
  readonly tree: object;
  readonly headers?: Record<string, string>;
  readonly keep?: Readonly<Record<string, readonly string[]>>;
}

const words = fc.constantFrom("login", "registration", "settings", "unknown");
const emails = fc.constantFrom(
  "ann@example.org",
  "bob@example.org",
  "ANN@example.org",
  "no address",
  "a\0@example.org",
  "ü@example.org",
);
const passwords = fc.constantFrom(
  "correct-horse-battery-9",
  "another-horse-battery-10",
  "short",
  "",
  "pass\0word-with-nothing",
  "é".repeat(40),
);
const traits = emails.chain((email) =>
  fc.constantFrom<object>(
    { email },
    {},
    { email, age: 12 },
    { email, age: "x" },
    { email, unknown: 1 },
    { email, badge: "AB-123", tags: ["a", "b"] },
    { email, tags: ["a", "b", "c"] },
    { email, name: { first: "\u{1f600}\u{1f600}" } },
  ),
);
const who = fc.constantFrom("#person", "#admin-made", "11111111-1111-4111-8111-111111111111", "no-id", "");
const session = fc.constantFrom<Record<string, string>>(
  { "x-session-token": "#token" },
  { "x-session-token": "unknown" },
  {},
);
const flowId = words.map((kind) => `#${kind}`);

const flowStep = fc.oneof(
  fc.constant<Step>({
    port: "public",
    method: LoginService.method.createNativeLoginFlow,
    tree: {},
    keep: { "#login": ["id"] },
  }),
  fc.constant<Step>({
    port: "public",
    method: RegistrationService.method.createNativeRegistrationFlow,
    tree: {},
    keep: { "#registration": ["id"] },
  }),
  session.map((headers): Step => ({
    port: "public",
    method: SettingsService.method.createNativeSettingsFlow,
    tree: {},
    headers,
    keep: { "#settings": ["id"] },
  })),
);

const submitStep = fc.oneof(
  fc.tuple(flowId, emails, passwords).map(([flow, identifier, password]): Step => ({
    port: "public",
    method: LoginService.method.updateLoginFlow,
    tree: { flow, submission: { method: { case: "password", value: { identifier, password } } } },
    keep: { "#token": ["session_token"] },
  })),
  fc.tuple(flowId, traits, passwords).map(([flow, known, password]): Step => ({
    port: "public",
    method: RegistrationService.method.updateRegistrationFlow,
    tree: { flow, submission: { method: { case: "password", value: { traits: known, password } } } },
    keep: { "#token": ["session_token"], "#person": ["identity", "id"] },
  })),
  fc.tuple(flowId, traits, session).map(([flow, known, headers]): Step => ({
    port: "public",
    method: SettingsService.method.updateSettingsFlow,
    tree: { flow, submission: { method: { case: "profile", value: { traits: known } } } },
    headers,
  })),
  fc.tuple(flowId, passwords, session).map(([flow, password, headers]): Step => ({
    port: "public",
    method: SettingsService.method.updateSettingsFlow,
    tree: { flow, submission: { method: { case: "password", value: { password } } } },
    headers,
  })),
);

const sessionStep = fc.oneof(
  session.map((headers): Step => ({ port: "public", method: SessionService.method.toSession, tree: {}, headers })),
  session.map((headers): Step => ({ port: "public", method: SessionService.method.listMySessions, tree: {}, headers })),
  session.map((headers): Step => ({
    port: "public",
    method: SessionService.method.disableMyOtherSessions,
    tree: {},
    headers,
  })),
  fc.constantFrom("#token", "unknown", "").map((sessionToken): Step => ({
    port: "public",
    method: LogoutService.method.performNativeLogout,
    tree: { logout: { sessionToken } },
  })),
);

const patches = fc.constantFrom(
  { op: "replace", path: "/traits/email", value: { json: "carl@example.org" } },
  { op: "add", path: "/metadata_public", value: { json: { a: [1, null, "ü"] } } },
  { op: "add", path: "/metadata_public", value: { json: "\0" } },
  { op: "remove", path: "/nowhere" },
  { op: "move", path: "/traits", from: "/id" },
  { op: "replace", path: "/state", value: { json: "inactive" } },
);
const adminStep = fc.oneof(
  fc
    .tuple(
      traits,
      passwords,
      fc.constantFrom<object>({}, { schemaId: "none" }, { state: 2 }, { externalId: "x" }, { organizationId: "no-id" }),
    )
    .map(([known, password, more]): Step => ({
      port: "admin",
      method: IdentityService.method.createIdentity,
      tree: { identity: { traits: known, credentials: { password: { config: { password } } }, ...more } },
      keep: { "#admin-made": ["id"] },
    })),
  fc
    .tuple(who, fc.array(patches, { maxLength: 2 }))
    .map(([id, patch]): Step => ({ port: "admin", method: IdentityService.method.patchIdentity, tree: { id, patch } })),
  fc.tuple(who, traits).map(([id, known]): Step => ({
    port: "admin",
    method: IdentityService.method.updateIdentity,
    tree: { id, identity: { schemaId: "person", state: 1, traits: known } },
  })),
  who.map((id): Step => ({ port: "admin", method: IdentityService.method.deleteIdentity, tree: { id } })),
  who.map((id): Step => ({ port: "admin", method: IdentityService.method.getIdentity, tree: { id } })),
  fc
    .tuple(fc.constantFrom(-1, 0, 1, 501, 2 ** 31 - 1), fc.constantFrom("", "no token", "\0"))
    .map(([pageSize, pageToken]): Step => ({
      port: "admin",
      method: IdentityService.method.listIdentities,
      tree: { pageSize, pageToken },
    })),
);

const wait = fc.constantFrom(60_000, 2 * 3_600_000, 30 * 86_400_000);

test("a story has the same end whatever protocol it is told by", async (t) => {
  const worlds = await createWorlds(t);
  const step = fc.oneof(
    { weight: 3, arbitrary: flowStep },
    { weight: 4, arbitrary: submitStep },
    sessionStep,
    { weight: 3, arbitrary: adminStep },
    wait,
  );
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 3, maxLength: 12 }), async (story) => {
      for (const one of story) {
        if (typeof one === "number") worlds.forEach(({ server }) => server.advance(one));
        else await tell(worlds, one);
      }
      const [end, ...others] = await Promise.all(worlds.map(standing));
      others.forEach((other, at) => assert.deepEqual(other, end, worlds[at + 1]!.name));
    }),
    random(8),
  );
});

async function tell(worlds: readonly World[], step: Step): Promise<void> {
  const outcomes = await callAll(worlds, step.port, step);
  for (const [name, path] of Object.entries(step.keep ?? {}))
    outcomes.forEach((outcome, at) => {
      const kept = path.reduce((value, key) => value?.[key], outcome?.answer);
      if (typeof kept === "string") worlds[at]!.ids.set(name, kept);
    });
}

/** Everybody whom a world knows, and their sessions, as an administrator sees them. */
async function standing({ server }: World) {
  const { body: people } = await server.adminClient.get("/admin/identities?include_credential=password");
  const { body: sessions } = await server.adminClient.get("/admin/sessions?expand=identity");
  const sorted = (list: object[]) =>
    list.map((one) => JSON.stringify(masked(one)).replaceAll(/\$argon2[^"]+/g, "(hash)")).sort();
  return { people: sorted(people), sessions: sorted(sessions) };
}
