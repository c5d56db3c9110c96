import assert from "node:assert/strict";
import { test } from "node:test";
import { setTimeout } from "node:timers/promises";
import { HashQueueFull, createHashQueue } from "../../src/crypto/hash-queue.ts";

const options = { workers: 2, longestWaitMs: 4000, fewestWaiting: 3, mostWaiting: 5 };

test("no more hashes run at a time than there are workers, and all of them run", async () => {
  const queue = createHashQueue(options);
  let running = 0;
  let most = 0;
  const work = async () => {
    most = Math.max(most, ++running);
    await setTimeout(2);
    return running--;
  };
  await Promise.all(Array.from({ length: 7 }, () => queue.run(work)));
  assert.equal(most, 2);
  assert.deepEqual([queue.running, queue.waiting], [0, 0]);
});

test("a full queue refuses at once and says when to try again", async () => {
  const queue = createHashQueue(options);
  const gate = Promise.withResolvers<void>();
  const admitted = Array.from({ length: 7 }, () => queue.run(() => gate.promise));
  await assert.rejects(
    queue.run(() => gate.promise),
    (error) => error instanceof HashQueueFull && error.retryAfterSeconds >= 1,
  );
  gate.resolve();
  await Promise.all(admitted);
  await queue.run(async () => {});
});

test("the slower the hashes have been, the fewer may wait", async () => {
  const queue = createHashQueue({ ...options, workers: 1, longestWaitMs: 1, fewestWaiting: 2 });
  await queue.run(() => setTimeout(20));
  const gate = Promise.withResolvers<void>();
  const admitted = Array.from({ length: 3 }, () => queue.run(() => gate.promise));
  await assert.rejects(
    queue.run(() => gate.promise),
    HashQueueFull,
  );
  gate.resolve();
  await Promise.all(admitted);
});

test("a hash that fails gives its place on", async () => {
  const queue = createHashQueue({ ...options, workers: 1 });
  const failing = queue.run(() => Promise.reject(new Error("broken")));
  const following = queue.run(() => Promise.resolve("done"));
  await assert.rejects(failing, /broken/);
  assert.equal(await following, "done");
});
