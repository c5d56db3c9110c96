import { execFileSync, spawn } from "node:child_process";
import { mkdirSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { freePort } from "../../test/support/free-port.ts";

/** Unpacks the archive for a platform, and has somebody sign up and in at its server, which runs in an empty folder of a file system that is read-only (where this is root of a Linux). */
export async function serveArchive(made: string, platform: string, folder: string): Promise<void> {
  const place = join(folder, "unpacked");
  const empty = join(folder, "empty");
  for (const one of [place, empty]) mkdirSync(one);
  const archive = readdirSync(made).find((name) => name.endsWith(`${platform}.tar.gz`))!;
  execFileSync("tar", ["xzf", join(made, archive), "--strip-components=1", "-C", place]);
  const words = [join(place, "bin", process.platform === "win32" ? "ostiary.cmd" : "ostiary"), "serve", "--dev"];
  // What it keeps in memory is a temporary file.
  const temporary = join(folder, "tmp");
  mkdirSync(temporary);
  const readOnly = `mount -t tmpfs none ${temporary}\nmount -o remount,ro,bind /\nexec "$@"`;
  const isRoot = process.platform === "linux" && process.getuid?.() === 0;
  const [command, ...rest] = (isRoot ? ["unshare", "--mount", "sh", "-ec", readOnly, "sh", ...words] : words) as [
    string,
    ...string[],
  ];
  const [open, admin] = [await freePort(), await freePort()];
  const env = {
    PATH: "/usr/bin:/bin",
    TMPDIR: temporary,
    DSN: "memory",
    SERVE_PUBLIC_PORT: `${open}`,
    SERVE_ADMIN_PORT: `${admin}`,
  };
  const child = spawn(command, rest, { cwd: empty, env, stdio: ["ignore", "ignore", "inherit"] });
  const ended = new Promise((done) => child.once("exit", (code) => done(code)));
  try {
    await untilReady(`http://127.0.0.1:${admin}/health/ready`);
    await signUpAndIn(`http://127.0.0.1:${open}`);
  } finally {
    child.kill("SIGTERM");
  }
  const code = await ended;
  if (code !== 0) throw new Error(`the server ended with ${code}`);
  if (readdirSync(empty).length > 0) throw new Error(`it has written ${readdirSync(empty)}`);
  console.log(
    `${archive} serves in an empty folder${isRoot ? " of a read-only file system" : ""}, and leaves it empty`,
  );
}

async function signUpAndIn(url: string): Promise<void> {
  const submit = async (kind: string, body: object) => {
    const flow = await (await fetch(`${url}/self-service/${kind}/api`)).json();
    const { pathname, search } = new URL(flow.ui.action);
    const answer = await fetch(`${url}${pathname}${search}`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ method: "password", password: "correct horse battery", ...body }),
    });
    if (answer.status !== 200) throw new Error(`${kind} failed: ${await answer.text()}`);
    return answer.json();
  };
  await submit("registration", { traits: { email: "ada@example.org" } });
  const { session_token: token } = await submit("login", { identifier: "ada@example.org" });
  const { status } = await fetch(`${url}/sessions/whoami`, { headers: { "x-session-token": token } });
  if (status !== 200) throw new Error(`whoami answers ${status}`);
}

async function untilReady(url: string): Promise<void> {
  for (let tries = 0; tries < 300; tries++) {
    if (
      await fetch(url).then(
        ({ ok }) => ok,
        () => false,
      )
    )
      return;
    await new Promise((done) => setTimeout(done, 100));
  }
  throw new Error("the server did not become ready");
}
