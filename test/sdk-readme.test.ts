import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { resolve } from "node:path";
import { test } from "node:test";
import { promisify } from "node:util";
import { examplesOf } from "./support/readme.ts";
import { startServer } from "./support/server.ts";

const root = resolve(import.meta.dirname, "..");

/** Runs an example as a program of its own, against a server of the test. */
async function run(code: string): Promise<string> {
  const args = ["--input-type=module-typescript", "--eval", code];
  return (await promisify(execFile)(process.execPath, args, { cwd: root })).stdout;
}

test("the README's example for Node makes an account, signs its owner in and tells who it is", async (t) => {
  const server = await startServer(t);
  const [example] = examplesOf("Node, over gRPC");
  const code = example!
    .replace("http://127.0.0.1:4433", server.publicUrl)
    .replace("http://127.0.0.1:4434", server.adminUrl);
  // As often as anybody likes.
  const out = [await run(code), await run(code)];
  const { body } = await server.admin("GET", "/admin/identities");
  const told = (body as { id: string; traits: { email: string } }[]).map(
    ({ id, traits }) => `${id}\n{ email: '${traits.email}' }\n`,
  );
  assert.deepEqual(out.toSorted(), told.toSorted());
});

test("the README's example for several servers finds one, and lets Node end", async (t) => {
  const { publicUrl } = await startServer(t);
  const [example] = examplesOf("Node, over a channel to several servers");
  assert.equal(await run(example!.replace("127.0.0.1:4433", new URL(publicUrl).host)), "[ 'person' ]\n");
});

test("the README's example of errors tells a refused form from one that ran out", async (t) => {
  const server = await startServer(t);
  const [example] = examplesOf("Errors");
  const setting = `
    import { createGrpcTransport } from "@connectrpc/connect-node";
    import { createPublicClients } from "@ostiary/sdk";
    const { login } = createPublicClients(createGrpcTransport({ baseUrl: "${server.publicUrl}" }));
    const { id } = (await login.createNativeLoginFlow({})).flow!;
    const submission = { method: { case: "password" as const, value: { identifier: "nobody@example.org", password: "x" } } };
    const draw = (flow: { $typeName: string }) => console.log(flow.$typeName);
    const restart = () => console.log("restarted");
  `;
  assert.equal(await run(setting + example), "ostiary.type.v1.LoginFlow\n");
});

test("the README's paths of generated messages lead somewhere", async () => {
  const [example] = examplesOf("Messages and services");
  assert.equal(
    await run(`${example}\nconsole.log(IdentityState.ACTIVE, LoginService.typeName);`),
    "1 ostiary.public.v1.LoginService\n",
  );
});
