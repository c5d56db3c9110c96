import assert from "node:assert/strict";
import { execFile, spawnSync } from "node:child_process";
import { copyFileSync, globSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { test } from "node:test";
import type { TestContext } from "node:test";
import { startServer } from "./support/server.ts";

const root = join(import.meta.dirname, "..");
const run = promisify(execFile);

/** Why nothing can be tried where a command fails; false where none does. */
const lacking = (needed: string, ...commands: readonly (readonly string[])[]) =>
  commands.some(([command, ...words]) => spawnSync(command!, words, { stdio: "ignore" }).status !== 0) &&
  `needs ${needed}`;

function emptyProject(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), "ostiary-client-"));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  mkdirSync(join(folder, "gen"));
  return folder;
}

const go = lacking(
  "Go, protoc-gen-go and protoc-gen-go-grpc",
  ["go", "version"],
  ["protoc-gen-go", "--version"],
  ["protoc-gen-go-grpc", "--version"],
);

test("a client in Go is generated, compiled, and signs up", { skip: go }, async (t) => {
  const folder = emptyProject(t);
  const { publicUrl } = await startServer(t);
  await run("npx", ["buf", "generate", "--template", "buf.gen.go.yaml", "-o", folder], { cwd: root });
  copyFileSync(join(root, "examples/go/main.go"), join(folder, "main.go"));
  writeFileSync(join(folder, "go.mod"), "module example.org/app\n\ngo 1.24\n");
  await run("go", ["mod", "tidy"], { cwd: folder });
  const { stdout } = await run("go", ["run", ".", new URL(publicUrl).host], { cwd: folder });
  assert.match(stdout, /^signed in: go-\d+@example\.org/);
});

// Compilers before 3.15 do not know optional fields.
const recent =
  "import re, subprocess, sys; v = subprocess.check_output([sys.executable, '-m', 'grpc_tools.protoc', '--version'], text=True); major, minor = map(int, re.findall(r'\\d+', v)[:2]); sys.exit((major, minor) < (3, 15))";
const python = lacking(
  "Python with grpcio and grpcio-tools of this decade",
  ["python3", "-c", "import grpc"],
  ["python3", "-c", recent],
);

test("a client in Python is generated, and signs up", { skip: python }, async (t) => {
  const folder = emptyProject(t);
  const { publicUrl } = await startServer(t);
  const files = globSync("{ostiary,buf,google}/**/*.proto", { cwd: join(root, "proto") });
  const gen = join(folder, "gen");
  await run(
    "python3",
    ["-m", "grpc_tools.protoc", "-I", "proto", `--python_out=${gen}`, `--grpc_python_out=${gen}`, ...files],
    { cwd: root },
  );
  const { stdout } = await run("python3", ["examples/python/client.py", new URL(publicUrl).host], {
    cwd: root,
    env: { ...process.env, PYTHONPATH: gen },
  });
  assert.match(stdout, /^signed in: python-\d+@example\.org/);
});
