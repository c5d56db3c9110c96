import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { test } from "node:test";
import { setTimeout } from "node:timers/promises";
import { checkPassword } from "../../src/strategies/password/policy.ts";
import type { PolicyCheck } from "../../src/strategies/password/policy.ts";

const good = "nine-Llamas-on-a-77-raft";
const sha1 = createHash("sha1").update(good).digest("hex").toUpperCase();
const [prefix, rest] = [sha1.slice(0, 5), sha1.slice(5)];

/** A policy whose requests nobody expects, but for what a test changes. */
function policy(config: Partial<PolicyCheck["config"]> = {}, change: Partial<PolicyCheck> = {}) {
  const warnings: string[] = [];
  const silent = () => {};
  const check: PolicyCheck = {
    identifiers: ["pawel.kowalski@replay.example"],
    config: {
      haveibeenpwned_host: "pwned.example",
      haveibeenpwned_enabled: false,
      max_breaches: 0,
      ignore_network_errors: true,
      min_password_length: 10,
      identifier_similarity_check_enabled: true,
      ...config,
    },
    fetch: () => assert.fail("No request was expected."),
    log: { debug: silent, info: silent, warn: (event) => warnings.push(event), error: silent },
    ...change,
  };
  return { check, warnings };
}

let hosts = 0;

/** A policy that asks a list of breaches of its own, and the requests that reach the list. */
function breaches(answer: () => Response | Promise<Response>, config: Partial<PolicyCheck["config"]> = {}) {
  const requests: { url: string; padding: string | null }[] = [];
  const host = `list-${++hosts}.example`;
  const fetch: typeof globalThis.fetch = async (url, init) => {
    requests.push({ url: String(url), padding: new Headers(init?.headers).get("add-padding") });
    const late = new Promise<never>((_, reject) =>
      init?.signal?.addEventListener("abort", () => reject(init.signal?.reason)),
    );
    return Promise.race([answer(), late]);
  };
  const made = policy({ haveibeenpwned_enabled: true, haveibeenpwned_host: host, ...config }, { fetch });
  return { ...made, requests, host };
}

const listing = (count: number) => () => new Response(`${"0".repeat(35)}:7\r\n${rest}:${count}\r\n${"F".repeat(35)}:0`);

test("a good password is taken", async () => {
  assert.equal(await checkPassword(good, policy().check), undefined);
});

test("a password that is too short is told both lengths", async () => {
  const violation = await checkPassword("short", policy().check);
  assert.deepEqual(violation, { kind: "too_short", min_length: 10, actual_length: 5 });
});

test("length counts code points, not bytes or halves of them", async () => {
  const violation = await checkPassword("🦙🦙🦙🦙🦙é", policy().check);
  assert.deepEqual(violation, { kind: "too_short", min_length: 10, actual_length: 6 });
});

test("a password longer than the hash takes is told both lengths, in bytes", async () => {
  const { check } = policy({}, { maxBytes: 72 });
  assert.deepEqual(await checkPassword("x".repeat(73), check), { kind: "too_long", max_length: 72, actual_length: 73 });
  const umlauts = "é".repeat(37);
  assert.deepEqual(await checkPassword(umlauts, check), { kind: "too_long", max_length: 72, actual_length: 74 });
});

test("a password that is the identifier, near it or mostly made of it is too similar", async () => {
  for (const password of [
    "pawel.kowalski@replay.example",
    "PAWEL.KOWALSKI@REPLAY.EXAMPLE",
    "pawel_kowalski@replay.exampl3",
    "pawel.kowalski",
    "pawel.kowalski-1",
    "1.pawel.kowalski.2",
  ])
    assert.deepEqual(await checkPassword(password, policy().check), { kind: "too_similar" }, password);
});

test("a password that shares no more than half with the identifier is taken", async () => {
  assert.equal(await checkPassword("pawel.kowa-and-nine-llamas", policy().check), undefined);
});

test("similarity is not looked at when it is switched off or a text is very long", async () => {
  const identifier = "pawel.kowalski@replay.example";
  const off = policy({ identifier_similarity_check_enabled: false });
  assert.equal(await checkPassword(identifier, off.check), undefined);
  const long = `${"pk".repeat(120)}@replay.example.org`;
  assert.equal(await checkPassword(long, policy({}, { identifiers: [long] }).check), undefined);
});

test("common passwords are refused without asking anybody, in capitals as well", async () => {
  const { check } = policy({ min_password_length: 8 });
  for (const password of ["password", "12345678", "qwertyuiop", "Password1", "BASEBALL", "1qaz2wsx3edc"])
    assert.deepEqual(await checkPassword(password, check), { kind: "common" }, password);
});

test("the 3000 most common passwords of eight characters or more are refused", async () => {
  const { dictionary } = await import("@zxcvbn-ts/language-common");
  const most = dictionary["passwords-common"].filter((password) => password.length >= 8).slice(0, 3000);
  assert.equal(most.length, 3000);
  const { check } = policy({ min_password_length: 8 });
  for (const password of most) assert.deepEqual(await checkPassword(password, check), { kind: "common" });
});

test("a breached password is told how often it was seen; only five digits of its hash leave the house", async () => {
  const { check, requests, host } = breaches(listing(3));
  assert.deepEqual(await checkPassword(good, check), { kind: "breached", breaches: 3 });
  assert.deepEqual(requests, [{ url: `https://${host}/range/${prefix}`, padding: "true" }]);
});

test("as many breaches as are allowed are no violation", async () => {
  assert.equal(await checkPassword(good, breaches(listing(3), { max_breaches: 3 }).check), undefined);
  assert.equal(await checkPassword(good, breaches(() => new Response("")).check), undefined);
});

test("an answer is kept for an hour", async () => {
  const { check, requests } = breaches(listing(3));
  let now = new Date("2026-01-01T00:00:00Z");
  const dated = { ...check, now: () => now };
  await checkPassword(good, dated);
  now = new Date("2026-01-01T00:59:59Z");
  assert.deepEqual(await checkPassword(good, dated), { kind: "breached", breaches: 3 });
  assert.equal(requests.length, 1);
  now = new Date("2026-01-01T01:00:00Z");
  await checkPassword(good, dated);
  assert.equal(requests.length, 2);
});

const failures: Readonly<Record<string, () => Response | Promise<Response>>> = {
  "is down": () => Promise.reject(new TypeError("fetch failed")),
  "answers an error": () => new Response("no", { status: 503 }),
  "answers too much": () => new Response("0".repeat(1_048_577)),
  // It keeps the process alive: with nothing else to wait for, the databases that are lent to tests would be dropped.
  "does not answer within a second": () => setTimeout(2000, new Response("")),
};

for (const [what, answer] of Object.entries(failures))
  test(`when the list of breaches ${what}, the configuration says whether that matters`, async () => {
    const lenient = breaches(answer);
    assert.equal(await checkPassword(good, lenient.check), undefined);
    assert.deepEqual(lenient.warnings, ["password.breach_lookup_failed"]);
    const strict = breaches(answer, { ignore_network_errors: false });
    assert.deepEqual(await checkPassword(good, strict.check), { kind: "lookup_failed" });
  });

test("a failed look-up is not kept", async () => {
  const answers = [() => new Response("no", { status: 503 }), listing(3)];
  const { check } = breaches(() => answers.shift()!());
  assert.equal(await checkPassword(good, check), undefined);
  assert.deepEqual(await checkPassword(good, check), { kind: "breached", breaches: 3 });
});

test("a common password is refused although the list of breaches is down", async () => {
  const { check } = breaches(failures["is down"]!, { min_password_length: 8 });
  assert.deepEqual(await checkPassword("password", check), { kind: "common" });
});

// Of those the recorded answers of a Kratos take, with at least ten characters.
test("unusual passwords are taken, and long numbers", async () => {
  for (const password of [
    "1234567890123",
    "fresh-Password-123",
    "a-Late-password-1",
    "a-Different-one-88",
    "wrong-but-long-enough",
  ])
    assert.equal(await checkPassword(password, policy().check), undefined, password);
});
