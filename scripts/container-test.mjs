// Does what the Dockerfile does, by hand, and runs the outcome as a container would be run: in a root of its own with the libraries of its
// base image alone, read-only, as a user without rights and as the first process. Where there is no Docker, this comes closest.
import { execFileSync, spawn } from "node:child_process";
import {
  copyFileSync,
  cpSync,
  existsSync,
  globSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join, resolve } from "node:path";
import { contextFiles } from "./docker-context.ts";
import { freePort } from "./free-port.mjs";

const root = resolve(import.meta.dirname, "..");
const user = 65532;
/** What the base image has of them (gcr.io/distroless/cc-debian12). */
const libraries = /^(?:ld-linux-[\w-]+|libc|libdl|libgcc_s|libm|libpthread|librt|libstdc\+\+)\.so\.\d+$/;
const node = "/opt/ostiary/bin/node";
const program = [node, "/opt/ostiary/bin/ostiary.js"];

if (process.platform !== "linux" || process.getuid() !== 0) {
  console.log("not tried: only root of a Linux can make a root for a container");
  process.exit(0);
}

const work = mkdtempSync(join(tmpdir(), "ostiary-container-"));
const rootfs = join(work, "rootfs");
try {
  buildImage();
  const secret = "0123456789abcdef0123456789abcdef";
  const [open, admin] = [await freePort(), await freePort()];
  const environment = {
    DSN: "sqlite:///var/lib/ostiary/ostiary.sqlite",
    SECRETS_DEFAULT: secret,
    SECRETS_COOKIE: secret,
    SECRETS_CIPHER: secret,
    SERVE_PUBLIC_PORT: `${open}`,
    SERVE_ADMIN_PORT: `${admin}`,
  };
  await expectExit(start([...program, "version"], environment), 0);
  const lock = `require("fs").writeFileSync("/opt/ostiary/x", "")`;
  const who = `if (process.getuid() !== ${user} || process.pid !== 1) process.exit(3);`;
  await expectExit(start([node, "-e", `${who} try { ${lock} } catch { process.exit(4) }`], environment), 4);
  await expectExit(start([...program, "migrate", "sql", "-e", "--yes"], environment), 0);
  const server = start([...program, "serve", "--watch-courier", "-c", "/etc/ostiary/kratos.yml"], environment);
  await until(async () => (await healthcheck(environment)) === 0, server);
  await signUp(`http://127.0.0.1:${open}`);
  const begun = performance.now();
  server.terminate();
  await expectExit(server, 0);
  console.log(`a container migrates, serves, and ends ${Math.round(performance.now() - begun)} ms after SIGTERM`);
  if ((await healthcheck(environment)) !== 1) throw new Error("the health check finds a server that has gone");
} finally {
  rmSync(work, { recursive: true, force: true });
}

/** Takes the steps of the Dockerfile. */
function buildImage() {
  const context = join(work, "context");
  for (const file of contextFiles(root)) {
    mkdirSync(dirname(join(context, file)), { recursive: true });
    copyFileSync(join(root, file), join(context, file));
  }
  symlinkSync(join(root, "node_modules"), join(context, "node_modules"));
  const packages = join(work, "package");
  mkdirSync(packages);
  run("npm", ["pack", "--silent", "--pack-destination", packages], context);
  const [tarball] = globSync("*.tgz", { cwd: packages });
  const place = join(rootfs, "opt/ostiary");
  mkdirSync(dirname(place), { recursive: true });
  run(process.execPath, ["scripts/assemble.mjs", place, "--package", join(packages, tarball)], context);
  copyFileSync(join(context, "deploy/docker/healthcheck.mjs"), join(place, "bin/healthcheck.mjs"));
  for (const folder of ["tmp", "proc", "dev", "etc/ostiary", "var/lib/ostiary"])
    mkdirSync(join(rootfs, folder), { recursive: true });
  execFileSync("chown", [`${user}:${user}`, join(rootfs, "var/lib/ostiary")]);
  writeFileSync(join(rootfs, "etc/passwd"), `nonroot:x:${user}:${user}:nonroot:/var/lib/ostiary:/sbin/nologin\n`);
  // As compose.yaml mounts them.
  copyFileSync(join(root, "deploy/compose/kratos.yml"), join(rootfs, "etc/ostiary/kratos.yml"));
  copyFileSync(join(root, "examples/person.schema.json"), join(rootfs, "etc/ostiary/person.schema.json"));
  placeLibraries(place);
}

function placeLibraries(place) {
  const binaries = [join(place, "bin/node"), ...globSync("**/*.node", { cwd: place }).map((file) => join(place, file))];
  const needed = execFileSync("ldd", binaries, { encoding: "utf8" }).matchAll(/(\/\S+\.so\S*) \(0x/g);
  for (const [, file] of needed) {
    if (!libraries.test(basename(file))) throw new Error(`${file} is none of the libraries of the base image`);
    if (existsSync(join(rootfs, file))) continue;
    mkdirSync(join(rootfs, dirname(file)), { recursive: true });
    cpSync(realpathSync(file), join(rootfs, file));
  }
}

/** Starts a program as the first process of a container. */
function start(words, environment) {
  const mounts = [
    `mount --bind ${rootfs} ${rootfs}`,
    `mount -o remount,ro,bind ${rootfs}`,
    `mount -t tmpfs -o mode=1777 none ${rootfs}/tmp`,
    `mount --bind ${work}/data ${rootfs}/var/lib/ostiary`,
    `mount -t proc none ${rootfs}/proc`,
    `mount -t tmpfs none ${rootfs}/dev && touch ${rootfs}/dev/null && mount --bind /dev/null ${rootfs}/dev/null`,
  ];
  if (!existsSync(`${work}/data`)) {
    mkdirSync(`${work}/data`);
    execFileSync("chown", [`${user}:${user}`, `${work}/data`]);
  }
  const enter = `exec chroot --userspec=${user}:${user} --groups= ${rootfs} "$@"`;
  const child = spawn(
    "unshare",
    ["--mount", "--pid", "--fork", "--kill-child", "sh", "-ec", `${mounts.join("\n")}\n${enter}`, "sh", ...words],
    { env: { PATH: process.env.PATH, NODE_ENV: "production", ...environment }, stdio: ["ignore", "pipe", "pipe"] },
  );
  const said = [];
  for (const output of [child.stdout, child.stderr]) output.on("data", (text) => said.push(String(text)));
  const exited = new Promise((done) => child.once("close", (code, signal) => done(code ?? signal)));
  const first = () => Number(readFileSync(`/proc/${child.pid}/task/${child.pid}/children`, "utf8").trim());
  return { exited, said: () => said.join(""), terminate: () => process.kill(first(), "SIGTERM") };
}

function healthcheck(environment) {
  return start([node, "/opt/ostiary/bin/healthcheck.mjs"], environment).exited;
}

async function signUp(url) {
  const flow = await (await fetch(`${url}/self-service/registration/api`)).json();
  const submission = { method: "password", password: "correct horse battery", traits: { email: "ada@example.org" } };
  const answer = await fetch(new URL(new URL(flow.ui.action).pathname + new URL(flow.ui.action).search, url), {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(submission),
  });
  if (answer.status !== 200) throw new Error(`nobody could sign up: ${await answer.text()}`);
}

async function expectExit({ exited, said }, expected) {
  const code = await exited;
  if (code !== expected) throw new Error(`ended with ${code}, not ${expected}:\n${said()}`);
}

async function until(holds, server) {
  for (let tries = 0; tries < 60; tries++) {
    if (await holds()) return;
    await new Promise((done) => setTimeout(done, 250));
  }
  throw new Error(`the server did not become ready:\n${server.said()}`);
}

function run(command, words, cwd) {
  execFileSync(command, words, { cwd, stdio: ["ignore", "ignore", "inherit"] });
}
