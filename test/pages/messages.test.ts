import assert from "node:assert/strict";
import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";

const root = join(import.meta.dirname, "../..");
const english = JSON.parse(readFileSync(join(root, "web/pages/locales/en.json"), "utf8")) as Record<string, string>;

/** What these say is no text of ours: it is shown as it is. */
const verbatim: Readonly<Record<string, string>> = {
  1050006: "the secret of an authenticator app",
  1050009: "a backup code",
  1050015: "backup codes",
  1070000: "a part of an address",
  1070002: "a trait's title in the schema",
  4000001: "a sentence for developers, or for people by a hook",
};

test("the pages know every message that the server can send, in every language", () => {
  const source = globSync("src/**/*.ts", { cwd: root })
    .map((file) => readFileSync(join(root, file), "utf8"))
    .join("\n");
  const sent = new Set([...source.matchAll(/\b(?:info|success|failure)\(\s*(\d{7})\b/g)].map(([, id]) => id!));
  assert.ok(sent.size > 140);
  const unknown = [...sent].filter((id) => !Object.hasOwn(english, id) && !Object.hasOwn(verbatim, id));
  assert.deepEqual(unknown, []);
  const idle = Object.keys(english).filter((id) => /^\d+$/.test(id) && !sent.has(id));
  assert.deepEqual(idle, [], "nobody sends these any more");
});
