import assert from "node:assert/strict";
import { test } from "node:test";
import { startServer } from "../support/server.ts";

test("links to other pages never make the headers of an answer too long for a client", async (t) => {
  const server = await startServer(t);
  const ids = Array.from({ length: 400 }, (_, at) => `11111111-1111-4111-8111-${String(at).padStart(12, "0")}`);
  for (const query of [
    ids.map((id) => `ids=${id}`).join("&"),
    `credentials_identifier=${"x".repeat(12_000)}`,
    `per_page=5&credentials_identifier=${"x".repeat(12_000)}`,
  ]) {
    const { status, body } = await server.adminClient.get(`/admin/identities?${query}`);
    assert.deepEqual([status, body], [200, []]);
  }
  assert.equal((await server.adminClient.get(`/admin/courier/messages?recipient=${"x".repeat(12_000)}`)).status, 200);
});
