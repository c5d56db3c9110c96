// Measures how many rows a second an import makes: node bench/imports.ts [rows], over OSTIARY_BENCH_DSN=postgres://... if asked (an empty database). Rows
// bring hashes of passwords along, or none: nothing is hashed.
import { createClient } from "@connectrpc/connect";
import { createGrpcTransport } from "@connectrpc/connect-node";
import { IdentityService } from "#gen/ostiary/admin/v1/identity_service_pb.js";
import { admin, serve } from "./serve.ts";

const count = Number(process.argv[2] ?? 20_000);
const hash = "$argon2id$v=19$m=65536,t=3,p=4$c29tZXNhbHQxMjM0NTY$Qk4jN3XfVZ1VZ8wTsbcbHnmOYPbxkcIq5GbE5JkBrqQ";
const schemas = [{ id: "person", url: "file://./examples/person.schema.json" }];
const selfservice = { default_browser_return_url: "http://127.0.0.1/", methods: { password: { enabled: true } } };
const stop = await serve(
  { selfservice, identity: { default_schema_id: "person", schemas } },
  "--dev",
  "--workers",
  "1",
);

const rowOf = (name: string, n: number, credentials?: object) => ({
  schema_id: "person",
  traits: { email: `${name}-${n}@example.org`, name: { first: `Person ${n}` } },
  ...(credentials && { credentials }),
});

async function timed(what: string, work: () => Promise<{ readonly created: number; readonly existing: number }>) {
  const began = performance.now();
  const { created, existing } = await work();
  const seconds = (performance.now() - began) / 1000;
  console.log(`${what}: ${created} made, ${existing} there, ${Math.round(count / seconds)} rows/s`);
}

async function overRest(importId: string, credentials?: object) {
  const body = Array.from({ length: count }, (_, n) => JSON.stringify(rowOf(importId, n, credentials))).join("\n");
  const answer = await fetch(`${admin}/admin/identities/import?import_id=${importId}`, { method: "POST", body });
  return (await answer.json()) as { created: number; existing: number };
}

function overGrpc(importId: string) {
  const client = createClient(IdentityService, createGrpcTransport({ baseUrl: admin }));
  async function* rows() {
    for (let n = 0; n < count; n++) {
      const { schema_id: schemaId, traits } = rowOf(importId, n);
      yield { importId, identity: { schemaId, traits } };
    }
  }
  return client.importIdentities(rows());
}

// What is compiled on the way is not measured.
await overRest("warm", undefined);
await timed("over REST", () => overRest("plain"));
await timed("over REST, with hashes of passwords", () =>
  overRest("hashed", { password: { config: { hashed_password: hash } } }),
);
await timed("over gRPC", () => overGrpc("grpc"));
await timed("sent again", () => overRest("plain"));
await stop();
