import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { EventPayloadSchema, file_ostiary_event_v1_event } from "#gen/ostiary/event/v1/event_pb.js";
import { shapeOf } from "../../src/rest/shape.ts";

const source = readFileSync(join(import.meta.dirname, "../../src/events/event-types.ts"), "utf8");
const membersOf = (text: string): string[] =>
  [...text.matchAll(/^ {2}(?:readonly )?(\w+)\??:/gm)].map(([, name]) => name!);
const declared = source.split("export interface EventPayloads {")[1]!.split("\n}")[0]!;
const arms = EventPayloadSchema.oneofs[0]!.fields;

test("every type of event has a message of the contract, and every message a type", () => {
  const types = membersOf(declared).toSorted();
  assert.ok(types.length > 30);
  assert.deepEqual(arms.map(({ message }) => message!.name).toSorted(), types);
  assert.deepEqual(
    arms.map((arm) => shapeOf(arm).name),
    arms.map(({ message }) => message!.name),
  );
  const payloads = new Set(arms.map(({ message }) => message!.typeName));
  const others = ["Event", "Actor", "EventPayload"].map((name) => `ostiary.event.v1.${name}`);
  assert.deepEqual(
    file_ostiary_event_v1_event.messages
      .map(({ typeName }) => typeName)
      .filter((name) => !payloads.has(name) && !others.includes(name)),
    [],
  );
});

/** The interfaces that payloads are made of, with what they extend. */
function fieldsOf(type: string): string[] {
  const inline = membersOf(type.replaceAll(/readonly (\w+\??:)/g, "\n  $1").replaceAll(/Record<[^>]*>/g, ""));
  const named = [...type.matchAll(/\b(\w+Payload)\b/g)].flatMap(([, name]) => {
    const [, parent = "", body = ""] = new RegExp(`interface ${name}(?: extends (\\w+))? \\{([\\s\\S]*?)\\n\\}`).exec(
      source,
    )!;
    return [...membersOf(body), ...fieldsOf(parent)];
  });
  return [...inline, ...named];
}

test("what an event says and what its message can say are the same", () => {
  for (const arm of arms) {
    const { name, fields } = arm.message!;
    const type = new RegExp(`^ {2}${name}: (.*);$`, "m").exec(declared)![1]!;
    assert.deepEqual(fields.map((field) => field.name).toSorted(), fieldsOf(type).toSorted(), name);
  }
});
