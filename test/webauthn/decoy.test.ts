import assert from "node:assert/strict";
import { test } from "node:test";
import type { Context } from "../../src/context.ts";
import { decoyKeys } from "../../src/webauthn/decoy.ts";
import { configOf } from "../support/config.ts";

test("keys that are only pretended look like those that people have, and stay as they are", () => {
  const ctx = { config: configOf({ dsn: "memory" }) } as Context;
  const elsewhere = {
    config: configOf({ dsn: "memory", secrets: { default: ["another-secret-of-these-tests"] } }),
  } as Context;
  const names = Array.from({ length: 400 }, (_, at) => `somebody${at}@example.org`);
  const all = names.map((name) => decoyKeys(ctx, name));
  assert.deepEqual(
    names.map((name) => decoyKeys(ctx, ` ${name.toUpperCase()}`)),
    all,
    "for one name, however it is typed, the same ones",
  );
  assert.notDeepEqual(decoyKeys(elsewhere, names[0]!), all[0]);

  const shares = (values: readonly unknown[]) =>
    Object.fromEntries(
      [...new Set(values)].map((value) => [
        String(value),
        values.filter((one) => one === value).length / values.length,
      ]),
    );
  const counts = shares(all.map(({ length }) => length));
  assert.deepEqual(Object.keys(counts).toSorted(), ["1", "2"]);
  assert.ok(counts["1"]! > 0.6 && counts["2"]! > 0.1, JSON.stringify(counts));
  const keys = all.flat();
  const lengths = shares(keys.map(({ id }) => Buffer.from(id, "base64").length));
  for (const length of [16, 20, 32, 64]) assert.ok(lengths[length]! > 0.08, JSON.stringify(lengths));
  const transports = shares(keys.map(({ transport }) => transport?.join()));
  for (const some of ["undefined", "internal", "hybrid,internal", "usb", "nfc,usb"])
    assert.ok(transports[some]! > 0.03, JSON.stringify(transports));
  assert.equal(new Set(keys.map(({ id }) => id)).size, keys.length);
});
