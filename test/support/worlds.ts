import assert from "node:assert/strict";
import type { TestContext } from "node:test";
import { create, fromJson } from "@bufbuild/protobuf";
import type { DescMethodUnary } from "@bufbuild/protobuf";
import { ValueSchema } from "@bufbuild/protobuf/wkt";
import { doors } from "./doors.ts";
import type { Door, Outcome } from "./doors.ts";
import { startServer } from "./server.ts";
import type { TestServer } from "./server.ts";
import type { Json } from "./client.ts";

/** A server that is reached by one protocol alone. What happened in one world happened in all. */
export interface World {
  readonly name: string;
  readonly server: TestServer;
  readonly public: Door;
  readonly admin: Door;
  /** Ids that differ from world to world, by names that do not. */
  readonly ids: Map<string, string>;
}

const methods = {
  code: { enabled: true },
  link: { enabled: true },
  totp: { enabled: true },
  lookup_secret: { enabled: true },
};
const flows = { recovery: { enabled: true }, verification: { enabled: true } };
const config = {
  courier: { smtp: { connection_uri: "smtp://127.0.0.1:1/?disable_starttls=true" } },
  selfservice: { methods, flows },
};

/** One world for each protocol. */
export const createWorlds = (t: TestContext): Promise<World[]> =>
  Promise.all(
    Object.entries(doors).map(async ([name, open]) => {
      const server = await startServer(t, { config });
      return { name, server, public: open(server.publicUrl), admin: open(server.adminUrl), ids: new Map() };
    }),
  );

/** Makes one call in every world, and holds that every protocol answered alike. Answers the outcomes, world by world. */
export async function callAll(
  worlds: readonly World[],
  port: "public" | "admin",
  { method, tree, headers = {} }: { method: DescMethodUnary; tree: object; headers?: Record<string, string> },
): Promise<(Outcome | undefined)[]> {
  const outcomes = await Promise.all(
    worlds.map((world) =>
      world[port](method, create(method.input, named(tree, world) as never), named(headers, world) as never),
    ),
  );
  const told = outcomes
    .map((outcome, at) => outcome && { ...comparable(outcome), name: worlds[at]!.name })
    .filter((one) => one !== undefined);
  const [first, ...others] = told;
  for (const { name, ...other } of others)
    assert.deepEqual({ name: "", ...other }, { ...first!, name: "" }, `${method.name}: ${name} against ${first!.name}`);
  for (const { reason } of outcomes.filter((outcome) => outcome !== undefined))
    assert.ok(
      reason === undefined || !/^(INTERNAL|UNEXPECTED_SUBMISSION_FAILURE)$|no reason/.test(reason),
      `${method.name}: ${reason}`,
    );
  return outcomes;
}

const comparable = ({ verdict, messages, answer }: Outcome) => ({ verdict, messages, answer: masked(answer) });

/** What was answered, without what is different each time (ids, moments, secrets) or by protocol (the call's address, the client). */
export function masked(answer: Json): Json {
  const varies = (name: string, value: unknown) =>
    /^(request_url|user_agent)$/.test(name) || (/token|^value$/.test(name) && String(value).length > 20);
  const text = JSON.stringify(answer ?? null, (name, value) =>
    typeof value === "string" && varies(name, value) ? `(${name})` : value,
  );
  return JSON.parse(
    text
      .replaceAll(/data:image\/png;base64,[\w+/=]+/g, "(image)")
      .replaceAll(/"[A-Z2-7]{32}"/g, '"(secret)"')
      .replaceAll(/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g, "(id)")
      .replaceAll(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, "(moment)"),
  ) as Json;
}

/** A call's message with the ids of a world in the places of their names. */
function named(value: unknown, world: World): unknown {
  if (typeof value === "string") return world.ids.get(value) ?? value;
  if (Array.isArray(value)) return value.map((one) => named(one, world));
  if (typeof value !== "object" || value === null || value instanceof Uint8Array) return value;
  if (Object.hasOwn(value, "json")) return fromJson(ValueSchema, (value as Json).json);
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, named(one, world)]));
}
