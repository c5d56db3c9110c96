import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { test } from "node:test";

const root = resolve(import.meta.dirname, "../..");
const read = (path: string) => readFileSync(join(root, path), "utf8");
const described = (text: string): string[] => [...text.matchAll(/`([A-Z][A-Za-z]+)`/g)].map(([, name]) => name!);

/** What Ory Kratos calls its events, those that only its platform has among them. */
const namesOfKratos = [
  "IdentityCreated",
  "IdentityDeleted",
  "IdentityUpdated",
  "JsonnetMappingFailed",
  "LoginFailed",
  "LoginInitiated",
  "LoginSucceeded",
  "RecoveryFailed",
  "RecoveryInitiatedByAdmin",
  "RecoverySucceeded",
  "RegistrationFailed",
  "RegistrationInitiated",
  "RegistrationSucceeded",
  "SessionChanged",
  "SessionChecked",
  "SessionIssued",
  "SessionLifespanExtended",
  "SessionRevoked",
  "SessionTokenizedAsJWT",
  "SettingsFailed",
  "SettingsSucceeded",
  "VerificationFailed",
  "VerificationSucceeded",
  "WebhookDelivered",
  "WebhookFailed",
  "WebhookSucceeded",
  "CourierMessageAbandoned",
  "CourierMessageDispatched",
];

test("every event that is recorded is described, and every name of Kratos' is accounted for", () => {
  const [table = "", others = ""] = read("docs/events.md").split("## Types")[1]!.split("That a second factor");
  const types = [
    ...read("src/events/event-types.ts")
      .split("interface EventPayloads")[1]!
      .split("\n}")[0]!
      .matchAll(/^ {2}(\w+):/gm),
  ].map(([, name]) => name!);
  assert.ok(types.length > 20);
  assert.deepEqual(described(table).toSorted(), types.toSorted());
  const rest = namesOfKratos.filter((name) => !types.includes(name));
  assert.deepEqual(described(others.split("## ")[0]!).toSorted(), rest.toSorted());
});

test("every column of the table is described", () => {
  const columns = [
    ...read("migrations/sqlite/0001_initial.up.sql")
      .split("create table events (")[1]!
      .split("primary key")[0]!
      .matchAll(/^ {2}(\w+) /gm),
  ];
  const text = read("docs/events.md").split("## Types")[0]!;
  assert.deepEqual(
    columns.map(([, name]) => name!).filter((name) => !text.includes(`\`${name}\``)),
    [],
  );
});
