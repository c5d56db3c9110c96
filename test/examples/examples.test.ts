import assert from "node:assert/strict";
import { execFile, spawn, spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { createInterface } from "node:readline";
import { test } from "node:test";
import type { TestContext } from "node:test";
import { promisify } from "node:util";
import { inChromium, openChromium } from "../support/chromium.ts";
import { Client } from "../support/client.ts";
import { freePort } from "../support/free-port.ts";
import { password, signInNatively, submitIn } from "../support/person.ts";
import { startServer } from "../support/server.ts";

const root = join(import.meta.dirname, "../..");
const run = promisify(execFile);
const email = "ada@example.org";
const inGate = process.env["CI"] === "true";
const goPath = [process.env["PATH"], "/usr/local/go/bin"].join(delimiter);

/** Why an example cannot be tried here; in the gate it has to be. */
const unless = (fine: boolean, lacking: string) => (fine || inGate ? false : lacking);
const hasGo = spawnSync("go", ["version"], { stdio: "ignore", env: { ...process.env, PATH: goPath } }).status === 0;
const registry =
  spawnSync("npm", ["view", "express@5.3.0", "version"], { stdio: "ignore", timeout: 20_000 }).status === 0;
const withoutRegistry = unless(registry, "the registry of npm cannot be reached");

/** A copy of an example beside the SDK, as in the repository: what it installs is no business of the repository's. */
function copyOf(t: TestContext, name: string): string {
  const folder = mkdtempSync(join(tmpdir(), "ostiary-example-"));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  symlinkSync(join(root, "sdk"), join(folder, "sdk"));
  mkdirSync(join(folder, "examples"));
  const copy = join(folder, "examples", name);
  cpSync(join(root, "examples", name), copy, { recursive: true, filter: (path) => !path.includes("node_modules") });
  return copy;
}

/** Starts an example by its one command; answers when it says where it is. */
async function start(
  t: TestContext,
  cwd: string,
  [command, ...words]: string[],
  env: NodeJS.ProcessEnv,
): Promise<string> {
  const all = { ...process.env, PATH: goPath, ...env };
  // A process group of its own, since npm and go run are parents of what serves.
  const child = spawn(command!, words, { cwd, detached: true, stdio: ["ignore", "pipe", "pipe"], env: all });
  t.after(() => {
    try {
      process.kill(-child.pid!, "SIGKILL");
    } catch {
      // It has ended by itself.
    }
  });
  const errors: string[] = [];
  createInterface({ input: child.stderr }).on("line", (line) => errors.push(line));
  return new Promise((resolve, reject) => {
    createInterface({ input: child.stdout }).on("line", (line) => {
      if (/^http:\/\/localhost:\d+$/.test(line)) resolve(line);
    });
    child.once("exit", () => reject(new Error(errors.join("\n"))));
  });
}

test("the web app lets in who is signed in, and sends others to sign in", { skip: withoutRegistry }, async (t) => {
  const server = await startServer(t);
  const port = String(await freePort());
  const app = new Client(
    await start(t, copyOf(t, "express"), ["npm", "start"], { PORT: port, OSTIARY_URL: server.publicUrl }),
  );
  assert.match((await app.get("/")).body, /Anybody may read this/);
  const away = await app.get("/members");
  assert.equal(away.status, 302);
  const target = new URL(away.location!);
  assert.equal(target.pathname, "/self-service/login/browser");
  assert.equal(target.searchParams.get("return_to"), `http://localhost:${port}/members`);

  await server.createPerson({ email, password });
  const browser = server.spa();
  assert.equal((await submitIn(browser, "login", { method: "password", identifier: email, password })).status, 200);
  const cookie = [...browser.cookies].map(([name, value]) => `${name}=${value}`).join("; ");
  assert.match((await app.get("/members", { headers: { cookie } })).body, /Hello, ada@example\.org/);
});

test("the native client signs in over gRPC, and says what is wrong", { skip: withoutRegistry }, async (t) => {
  const server = await startServer(t);
  await server.createPerson({ email, password });
  const cwd = copyOf(t, "native");
  const words = ["start", "--silent", "--", email];
  const signIn = (secret: string) =>
    run("npm", words, { cwd, env: { ...process.env, OSTIARY_URL: server.publicUrl, OSTIARY_PASSWORD: secret } });
  assert.match((await signIn(password)).stdout, /^signed in: ada@example\.org, until 2/m);
  await assert.rejects(signIn("wrong"), ({ code, stderr }: { code: number; stderr: string }) => {
    assert.equal(code, 1);
    assert.match(stderr, /password is incorrect/);
    return true;
  });
});

test("the service in Go lets in who is signed in", { skip: unless(hasGo, "needs Go") }, async (t) => {
  const server = await startServer(t);
  await server.createPerson({ email, password });
  const port = String(await freePort());
  const env = { PORT: port, OSTIARY_URL: server.publicUrl, GOTOOLCHAIN: "local" };
  const service = new Client(await start(t, copyOf(t, "go-service"), ["go", "run", "."], env));
  assert.equal((await service.get("/me")).status, 401);
  const headers = await signInNatively(server, email);
  const { status, body } = await service.get("/me", { headers });
  assert.deepEqual([status, body.traits.email], [200, email]);
  await server.app.close();
  assert.equal((await service.get("/me", { headers })).status, 502);
});

if (withoutRegistry) test("the single-page app signs in and out", { skip: withoutRegistry }, () => undefined);
else
  inChromium("the single-page app signs in and out", async (t) => {
    const port = String(await freePort());
    const cors = { enabled: true, allowed_origins: [`http://127.0.0.1:${port}`] };
    const server = await startServer(t, { config: { serve: { public: { cors } } } });
    await server.createPerson({ email, password });
    const env = { PORT: port, HOST: "127.0.0.1", OSTIARY_URL: server.publicUrl };
    await start(t, copyOf(t, "spa"), ["npm", "start"], env);
    const page = await (await openChromium(t, {})).newPage();
    await page.goto(`http://127.0.0.1:${port}/`);
    await page.fill('[name="identifier"]', email);
    await page.fill('[name="password"]', "wrong");
    await page.click("form button");
    await page.waitForSelector('[role="alert"]');
    await page.fill('[name="password"]', password);
    await page.click("form button");
    await page.waitForSelector("h1:has-text('Hello, ada@example.org')");
    await page.reload();
    await page.click("button:has-text('Sign out')");
    await page.waitForSelector("form");
  });
