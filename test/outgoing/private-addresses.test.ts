import assert from "node:assert/strict";
import { test } from "node:test";
import { isPrivateAddress } from "../../src/outgoing/private-address.ts";
import { callOut } from "../../src/outgoing/request.ts";
import { mayBePrivate } from "../../src/outgoing/guard.ts";
import { startTarget } from "../support/hook-target.ts";

const forbidden = (exceptions: readonly string[] = []) => ({
  http: { disallow_private_ip_ranges: true, private_ip_exception_urls: [...exceptions] },
});
const limits = { timeoutMs: 5000, mostBytes: 1000 };

const kept = [
  ...["0.0.0.0", "10.1.2.3", "100.64.0.1", "127.0.0.1", "127.255.255.254", "169.254.169.254", "172.16.0.1"],
  ...["172.31.255.255", "192.168.0.1", "198.18.0.1", "224.0.0.1", "255.255.255.255"],
  ...["::", "::1", "fe80::1", "fec0::1", "fc00::1", "fd12:3456::1", "ff02::1", "2001:db8::1"],
  // An IPv4 address within: mapped, compatible, NAT64, 6to4, Teredo.
  ...["::ffff:127.0.0.1", "::ffff:10.0.0.1", "::ffff:7f00:1", "::127.0.0.1", "64:ff9b::7f00:1", "2002:7f00:1::"],
  ...["2001::1", "localhost", ""],
];
const open = ["1.1.1.1", "100.63.255.255", "100.128.0.0", "172.15.255.255", "172.32.0.0", "8.8.8.8", "2606:4700::1111"];

test("addresses that are not of the public internet are told from those that are", () => {
  assert.deepEqual(
    kept.filter((address) => !isPrivateAddress(address)),
    [],
  );
  assert.deepEqual(open.filter(isPrivateAddress), []);
});

// The URL parser makes one address of all the ways to write it.
for (const host of [
  "127.0.0.1",
  "2130706433",
  "0x7f.1",
  "0177.0.0.1",
  "127.1",
  "localhost",
  "[::1]",
  "[::ffff:127.0.0.1]",
])
  test(`${host} is not called where private addresses are out of bounds, and nothing reaches it`, async (t) => {
    const { url, called } = await startTarget(t);
    const there = url.replace("127.0.0.1", host);
    await assert.rejects(callOut({ url: there }, { ...limits, clients: forbidden() }), { name: "AddressRefused" });
    assert.deepEqual(called, []);
  });

test("an exception opens what it names, and nothing beside it", async (t) => {
  const { url, called } = await startTarget(t);
  const answer = await callOut({ url }, { ...limits, clients: forbidden([url]) });
  assert.equal(answer.status, 204);
  await assert.rejects(callOut({ url: `${url}/more` }, { ...limits, clients: forbidden([url]) }), {
    name: "AddressRefused",
  });
  assert.equal(called.length, 1);
});

test("an exception is a pattern in which a star alone means anything", () => {
  const allows = (pattern: string, url: string) => mayBePrivate(new URL(url), forbidden([pattern]).http);
  assert.ok(allows("http://10.0.0.1/hooks/*", "http://10.0.0.1/hooks/a/b"));
  assert.ok(!allows("http://10.0.0.1/hooks/*", "http://10.0.0.1/other"));
  assert.ok(!allows("http://10.0.0.1/*", "http://10.0.0.10/"));
  assert.ok(!allows("http://10.0.0.1/", "http://10a0b0c1/"));
  assert.ok(!allows("http://10.0.0.1/*", "http://evil.example/?http://10.0.0.1/"));
});
