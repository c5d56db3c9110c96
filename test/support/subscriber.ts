import assert from "node:assert/strict";
import { setTimeout as pause } from "node:timers/promises";
import { Webhook } from "standardwebhooks";
import type { Json } from "./client.ts";
import type { Received, Receiver } from "./receiver.ts";
import type { TestServer } from "./server.ts";

/** The admin port of a server, in this process or another one. */
type AdminSide = Pick<TestServer, "adminClient" | "admin">;

/** Looks for what is due often, so that tests wait for nothing but their receivers. */
export const briskly = { webhooks: { worker: { pull_wait: "20ms" } } };

/** Subscribes a server to events. */
export async function subscribe(server: AdminSide, subscription: object): Promise<{ id: string; secret: string }> {
  const { status, body } = await server.adminClient.post("/admin/subscriptions", subscription);
  assert.equal(status, 201, JSON.stringify(body));
  return { id: body.subscription.id, secret: body.secret };
}

/** Verifies what was received by the package that receivers use. Throws where the signature does not fit. */
export const verify = (secret: string, { text, headers }: Received): unknown =>
  new Webhook(secret).verify(text, headers as Record<string, string>);

/** Makes an account; answers its id. */
export async function makeAccount(server: AdminSide, email: string): Promise<string> {
  const { status, body } = await server.adminClient.post("/admin/identities", {
    schema_id: "person",
    traits: { email },
  });
  assert.equal(status, 201, JSON.stringify(body));
  return body.id;
}

/** Disables an account and enables it again, so many times: two events each. */
export async function flip(server: AdminSide, id: string, times = 1): Promise<void> {
  for (let n = 0; n < times; n++)
    for (const value of ["inactive", "active"]) {
      const { status, body } = await server.admin("PATCH", `/admin/identities/${id}`, {
        json: [{ op: "replace", path: "/state", value }],
      });
      assert.equal(status, 200, JSON.stringify(body));
    }
}

/** The deliveries of a subscription, the newest first. */
export async function deliveriesOf(server: AdminSide, id: string, state = ""): Promise<Json[]> {
  const { status, body } = await server.adminClient.get(
    `/admin/subscriptions/${id}/deliveries?page_size=500${state && `&state=${state}`}`,
  );
  assert.equal(status, 200, JSON.stringify(body));
  return body;
}

/** Waits until something holds; fails when that takes longer than a minute. */
export async function eventually(holds: () => Promise<boolean>, what: string): Promise<void> {
  const end = Date.now() + 60_000;
  while (!(await holds())) {
    if (Date.now() > end) throw new Error(`never happened: ${what}`);
    await pause(20);
  }
}

/**
 * The numbers of the events about an account, in the order in which they were first received: what is under way when a test
 * moves the clock by hours is sent once more, for its lease has ended by then.
 */
export const numbersOf = (received: readonly Received[], subject: string): number[] => [
  ...new Set(
    received.filter(({ body }) => body.data.subject_id === subject).map(({ body }) => Number(body.data.sequence)),
  ),
];

/** Whether numbers only grow. */
export const isRising = (numbers: readonly number[]): boolean =>
  numbers.every((number, at) => at === 0 || number > numbers[at - 1]!);

/** All that becomes of a subscription: it is told of an account, fails, is asked about, sent again, tried, paused and removed. */
export async function liveThroughSubscription(server: AdminSide, receiver: Receiver): Promise<void> {
  const { id } = await subscribe(server, { url: receiver.url, types: ["IdentityCreated", "IdentityStateChanged"] });
  const at = `/admin/subscriptions/${id}`;
  const account = await makeAccount(server, "told@example.org");
  await receiver.until(({ length }) => length >= 1);
  receiver.answer(500);
  await flip(server, account);
  await receiver.until(({ length }) => length >= 2);
  receiver.answer(204);
  const [failed] = await deliveriesOf(server, id, "pending");
  await server.adminClient.get(`${at}/deliveries/${failed.id}`);
  for (const path of [`deliveries/${failed.id}/replay`, "replay?since=2000-01-01T00:00:00Z", "test", "pause", "resume"])
    assert.ok((await server.adminClient.post(`${at}/${path}`, {})).status < 300, path);
  await receiver.until(({ length }) => length >= 5);
  await server.adminClient.get("/admin/subscriptions");
  await server.adminClient.get("/metrics/prometheus");
  assert.equal((await server.admin("DELETE", at)).status, 204);
}
