import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { freePort } from "../support/free-port.ts";

const root = join(import.meta.dirname, "..", "..");

/** Starts a server as an operator does, and answers with how it ended and what it said. */
async function serve(
  environment: NodeJS.ProcessEnv,
  uid?: number,
): Promise<{ readonly code: unknown; readonly said: string }> {
  const words = [join(root, "bin", "ostiary.js"), "serve", "--dev", "-c", "examples/kratos.yml"];
  const ports = [await freePort(), await freePort()];
  const env = {
    ...process.env,
    DSN: "memory",
    SERVE_PUBLIC_PORT: `${ports[0]}`,
    SERVE_ADMIN_PORT: `${ports[1]}`,
    ...environment,
  };
  const child = spawn(process.execPath, words, {
    cwd: root,
    env,
    stdio: ["ignore", "pipe", "pipe"],
    ...(uid && { uid }),
  });
  const patience = setTimeout(() => child.kill(), 60_000);
  let said = "";
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding("utf8").on("data", (text: string) => void (said += text));
  const [code] = await once(child, "close");
  clearTimeout(patience);
  // What was free a moment ago, another test may have taken since.
  const taken = ports.some((port) => new RegExp(`port ${port} of [^"]*EADDRINUSE`).test(said));
  return taken ? serve(environment, uid) : { code, said };
}

test("what stands in the way of a start is told in a sentence, and ends it", async (t) => {
  const folder = mkdtempSync(join(tmpdir(), "ostiary-start-"));
  chmodSync(folder, 0o755);
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const locked = join(folder, "locked");
  mkdirSync(locked, 0o555);
  writeFileSync(join(folder, "words.txt"), "no database, and no certificate");
  const other = createServer().listen(0, "127.0.0.1");
  const otherSocket = createServer().listen(join(folder, "taken.sock"));
  await Promise.all([once(other, "listening"), once(otherSocket, "listening")]);
  t.after(() => void (other.close(), otherSocket.close()));
  const { port } = other.address() as AddressInfo;
  const certificate = {
    SERVE_PUBLIC_TLS_CERT_PATH: join(folder, "none.pem"),
    SERVE_PUBLIC_TLS_KEY_PATH: join(folder, "words.txt"),
  };
  // Root may write everywhere.
  const nobody = process.getuid?.() === 0 ? 65_534 : undefined;
  const cases: readonly (readonly [RegExp, NodeJS.ProcessEnv, number?])[] = [
    [
      new RegExp(`port ${port} of 127.0.0.1 \\(serve.public\\): another process`),
      { SERVE_PUBLIC_HOST: "127.0.0.1", SERVE_PUBLIC_PORT: `${port}` },
    ],
    [
      new RegExp(`port ${port} of 127.0.0.1 \\(serve.admin\\): another process`),
      { SERVE_ADMIN_HOST: "127.0.0.1", SERVE_ADMIN_PORT: `${port}` },
    ],
    [/serve\.public\): (?:nobody knows this host name|nobody answers)/, { SERVE_PUBLIC_HOST: "no-such-host.invalid" }],
    [/serve\.public\): this machine has no such address/, { SERVE_PUBLIC_HOST: "192.0.2.1" }],
    [/taken\.sock \(serve\.public\): another process/, { SERVE_PUBLIC_HOST: `unix:${join(folder, "taken.sock")}` }],
    [
      /words\.txt \(serve\.public\): a file that is no socket/,
      { SERVE_PUBLIC_HOST: `unix:${join(folder, "words.txt")}` },
    ],
    [
      /ostiary\.sock \(serve\.public\): the folder does not exist/,
      { SERVE_PUBLIC_HOST: `unix:${join(folder, "none", "ostiary.sock")}` },
    ],
    [
      /ostiary\.sock \(serve\.public\): this user may not \(EACCES\)/,
      { SERVE_PUBLIC_HOST: `unix:${join(locked, "ostiary.sock")}` },
      nobody,
    ],
    [/none\.pem cannot be read \(ENOENT\)\.|words\.txt is no key/, certificate],
    [/there is no folder .*none/, { DSN: `sqlite://${folder}/none/people.sqlite` }],
    [
      /people\.sqlite cannot be opened: this user may not write in .*locked/,
      { DSN: `sqlite://${locked}/people.sqlite` },
      nobody,
    ],
    [/words\.txt cannot be opened: file is not a database/, { DSN: `sqlite://${folder}/words.txt` }],
    [/cannot be opened: it is a folder/, { DSN: `sqlite://${folder}` }],
    [/database in memory belongs to one process/, { SERVE_WORKERS: "2" }],
    [/serve\.workers: must be a whole number or auto/, { SERVE_WORKERS: "many" }],
    [
      new RegExp(`"worker":1,"reason":"[^"]*port ${port} of 127.0.0.1 \\(serve.admin\\): another process`),
      {
        DSN: `sqlite://${folder}/shared.sqlite`,
        SERVE_WORKERS: "2",
        SERVE_ADMIN_HOST: "127.0.0.1",
        SERVE_ADMIN_PORT: `${port}`,
      },
    ],
    [/a % that stands for no character/, { DSN: "postgres://ostiary:50%@127.0.0.1/people" }],
  ];
  for (let from = 0; from < cases.length; from += 4)
    await Promise.all(
      cases.slice(from, from + 4).map(async ([sentence, environment, uid]) => {
        const { code, said } = await serve(environment, uid);
        assert.match(said, sentence);
        assert.doesNotMatch(said, /"stack"|\n\s+at |\\n\s+at /, `${sentence}`);
        assert.equal(code, 1, `${sentence}`);
      }),
    );
});
