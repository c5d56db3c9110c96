import assert from "node:assert/strict";
import { test } from "node:test";
import { create, fromBinary, toBinary } from "@bufbuild/protobuf";
import type { DescMessage } from "@bufbuild/protobuf";
import fc from "fast-check";
import { servicesOf } from "../../src/app/services.ts";
import { bytesOf } from "../../src/server/binary/encode-message.ts";
import { Moment } from "../../src/rest/timestamp.ts";
import { SessionSchema } from "#gen/ostiary/type/v1/session_pb.js";
import { randomMessage } from "../support/random-message.ts";

const messages = new Map<string, DescMessage>();
for (const services of Object.values(servicesOf))
  for (const { desc } of services())
    for (const { input, output } of desc.methods)
      for (const message of [input, output]) messages.set(message.typeName, message);

test("messages of every call are written as the package for protobuf writes them", () => {
  assert.ok(messages.size > 100);
  for (const desc of messages.values()) {
    const write = bytesOf(desc, 0);
    fc.assert(
      fc.property(
        randomMessage(desc, () => []),
        (tree) => {
          const message = create(desc, tree);
          const expected = Buffer.from(toBinary(desc, message)).toString("hex");
          assert.equal(write(tree).toString("hex"), expected, desc.typeName);
          assert.equal(write(message).toString("hex"), expected, desc.typeName);
        },
      ),
      { numRuns: 20 },
    );
  }
});

test("moments may be plain, before 1970 as well, and long texts and lists find room", () => {
  const write = bytesOf(SessionSchema, 5);
  for (const ms of [0, 1, 1_700_000_000_123, -1, -62_135_596_800_000, 253_402_300_799_999]) {
    const session = {
      id: "é".repeat(300_000),
      issuedAt: new Moment(ms),
      authenticationMethods: Array(3000).fill({ method: "x" }),
    };
    const bytes = write(session);
    const read = fromBinary(SessionSchema, bytes.subarray(5));
    assert.equal(read.id, session.id);
    assert.equal(read.authenticationMethods.length, 3000);
    assert.equal(Number(read.issuedAt!.seconds) * 1000 + read.issuedAt!.nanos / 1e6, ms);
  }
  assert.equal(write({}).length, 5);
});

test("of a message that cannot be written nothing is left in the next one", () => {
  const write = bytesOf(SessionSchema, 0);
  assert.throws(() => write({ id: "a", issuedAt: { seconds: "x" as never, nanos: 7 } }));
  assert.equal(
    write({ id: "b" }).toString("hex"),
    Buffer.from(toBinary(SessionSchema, create(SessionSchema, { id: "b" }))).toString("hex"),
  );
});

test("the bytes of a frozen message are made once", () => {
  const write = bytesOf(SessionSchema, 0);
  const frozen = Object.freeze({ id: "a" });
  assert.equal(write(frozen), write(frozen));
  assert.notEqual(write({ ...frozen }), write(frozen));
});
