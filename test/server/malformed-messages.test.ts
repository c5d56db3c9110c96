import assert from "node:assert/strict";
import { test } from "node:test";
import { create, toBinary, toJsonString } from "@bufbuild/protobuf";
import type { DescMethodUnary } from "@bufbuild/protobuf";
import fc from "fast-check";
import { contract } from "../support/contract.ts";
import { random } from "../support/property.ts";
import { randomMessage } from "../support/random-message.ts";
import { frame, openSession, rawCall } from "../support/raw-call.ts";
import type { RawAnswer } from "../support/raw-call.ts";
import { startServer } from "../support/server.ts";

const number = fc.nat();
const group = (depth: number) => Buffer.concat([Buffer.alloc(depth, 0x3b), Buffer.alloc(depth, 0x3c)]);
const nested = (depth: number): Buffer => {
  let inner = Buffer.alloc(0);
  for (let at = 0; at < depth; at++) inner = Buffer.concat([Buffer.from([0x0a]), varint(inner.length), inner]);
  return inner;
};
function varint(value: number): Buffer {
  const bytes: number[] = [];
  for (; value > 127; value = Math.floor(value / 128)) bytes.push((value % 128) + 128);
  return Buffer.from([...bytes, value]);
}

/** What may become of the bytes of a message on their way. */
const harm: fc.Arbitrary<(bytes: Buffer) => Buffer> = fc.oneof(
  fc.tuple(number, fc.integer({ min: 0, max: 7 })).map(([at, bit]) => (bytes: Buffer) => {
    const flipped = Buffer.from(bytes);
    if (flipped.length) flipped[at % flipped.length]! ^= 1 << bit;
    return flipped;
  }),
  number.map((at) => (bytes: Buffer) => bytes.subarray(0, at % (bytes.length + 1))),
  fc.uint8Array({ minLength: 1, maxLength: 12 }).map((more) => (bytes: Buffer) => Buffer.concat([bytes, more])),
  fc.tuple(number, fc.uint8Array({ minLength: 1, maxLength: 4 })).map(([at, more]) => (bytes: Buffer) => {
    const cut = at % (bytes.length + 1);
    return Buffer.concat([bytes.subarray(0, cut), more, bytes.subarray(cut)]);
  }),
  fc.constantFrom(1, 50, 200, 20_000).map((depth) => (bytes: Buffer) => Buffer.concat([bytes, group(depth)])),
  fc.constantFrom(3, 60, 200, 2000).map((depth) => () => nested(depth)),
  fc.constant((bytes: Buffer) => Buffer.concat([bytes, bytes])),
  fc.constant((bytes: Buffer) =>
    Buffer.concat([bytes, Buffer.from([0xfa, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01])]),
  ),
  fc.constant((bytes: Buffer) => Buffer.concat([bytes, Buffer.from([0x0a, 0xff, 0xff, 0xff, 0xff, 0x0f])])),
  fc.constant(() => Buffer.from("0a0430800a0a", "hex")),
);

const lies = fc.constantFrom(0, 0, 0, 0, 1, -1, 2 ** 31);
const flags = fc.constantFrom(0, 0, 0, 0, 1, 2, 128);
const types = fc.constantFrom(
  "application/proto",
  "application/grpc",
  "application/grpc-web+proto",
  "application/json",
  "application/grpc+json",
);

for (const port of ["public", "admin"] as const)
  test(`messages that broke on their way are the client's fault, on the ${port} port`, async (t) => {
    const server = await startServer(t);
    const session = openSession(t, port === "public" ? server.publicUrl : server.adminUrl);
    const damaged = fc.constantFrom(...contract[port]).chain((method) =>
      fc.record({
        method: fc.constant(method),
        tree: randomMessage(method.input, () => []),
        harms: fc.array(harm, { minLength: 1, maxLength: 3 }),
        type: types,
        lie: lies,
        flag: flags,
      }),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(damaged, { minLength: 20, maxLength: 20 }), async (calls) => {
        await Promise.all(
          calls.map(async ({ method, tree, harms, type, lie, flag }) => {
            const message = harms.reduce((bytes, spoil) => spoil(bytes), bytesOf(method, tree, type));
            const body = type.includes("grpc") ? frame(message, flag, Math.max(0, message.length + lie)) : message;
            const answer = await rawCall(
              session,
              { ":path": `/${method.parent.typeName}/${method.name}`, "content-type": type },
              body,
            );
            assert.ok(!blamesServer(answer), `${method.name}, ${type}: ${JSON.stringify(answer)}`);
          }),
        );
      }),
      // Twenty calls each.
      random(100),
    );
    assert.equal((await server.native.get("/health/alive")).status, 200);
  });

/** Whether an answer says that the server failed, by another reason than that nobody configured it for the call. */
const blamesServer = ({ status, grpc, text }: RawAnswer) =>
  !/MISCONFIGURED/.test(text) &&
  (status === 0 || ["2", "13", "15"].includes(grpc) || /"code":"(internal|unknown|data_loss)"/.test(text));

/** A message as it left the client; of what JSON has no words for, nothing. */
function bytesOf({ input }: DescMethodUnary, tree: object, type: string): Buffer {
  const message = create(input, withoutJson(tree) as never);
  return Buffer.from(type.includes("json") ? toJsonString(input, message) : toBinary(input, message));
}

function withoutJson(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutJson);
  if (typeof value !== "object" || value === null || value instanceof Uint8Array) return value;
  if (Object.hasOwn(value, "json")) return { kind: { case: "stringValue", value: "x" } };
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, withoutJson(one)]));
}
