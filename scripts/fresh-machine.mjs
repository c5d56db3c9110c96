// Does what the README tells a newcomer, where there is nothing but Node, npm, git and the basic commands of a Unix, by each npm that
// is in use: installs a copy of this repository, starts it and signs somebody up; then packs it, and does the same in an empty project.
// Nothing may be compiled, and nothing may be said that a newcomer would have to ignore.
import { execFileSync, spawn } from "node:child_process";
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, dirname, join, resolve } from "node:path";
import { freePort } from "./free-port.mjs";

const root = resolve(import.meta.dirname, "..");
const folder = mkdtempSync(join(tmpdir(), "ostiary-fresh-"));
const npms = ["10", "11"];
const unix =
  "basename cat chmod cp cut date dirname env expr head id ln ls mkdir mktemp mv pwd readlink rm sh sleep sort tail test touch tr true uname wc";
const outside = process.env.PATH.split(delimiter).filter((place) => !place.includes("node_modules"));
const found = (name) => outside.map((place) => join(place, name)).find((file) => existsSync(file));
// One npm is run by the Node that the machine has, the other by the one that comes along.
const nodes = { 10: found("node") ?? process.execPath, 11: process.execPath };

try {
  await Promise.all(npms.map((version) => surround(version)));
  const copies = await Promise.all(npms.map((version) => tryClone(version)));
  const tarball = await pack(copies.at(-1));
  await Promise.all(npms.map((version) => tryPackage(version, tarball)));
} finally {
  rmSync(folder, { recursive: true, force: true });
}

/** Makes a folder that holds every command that there is, this npm among them. */
async function surround(version) {
  const path = pathOf(version);
  mkdirSync(path, { recursive: true });
  mkdirSync(join(folder, `home-${version}`));
  for (const name of ["git", ...unix.split(" ")]) symlinkSync(found(name), join(path, name));
  symlinkSync(nodes[version], join(path, "node"));
  const tools = join(folder, `npm-${version}`);
  mkdirSync(tools);
  await run("npm", ["install", "--silent", "--no-audit", "--no-fund", "--prefix", tools, `npm@${version}`], {
    cwd: tools,
    env: process.env,
  });
  for (const name of ["npm", "npx"])
    symlinkSync(join(tools, "node_modules", "npm", "bin", `${name}-cli.js`), join(path, name));
}

async function tryClone(version) {
  const copy = join(folder, `clone-${version}`);
  const files = execFileSync("git", ["ls-files", "-z", "--cached", "--others", "--exclude-standard"], {
    cwd: root,
    encoding: "utf8",
  });
  for (const name of files.split("\0").filter((file) => file && existsSync(join(root, file))))
    cpSync(join(root, name), join(copy, name));
  const lockfile = () => readFileSync(join(copy, "package-lock.json"), "utf8");
  const before = lockfile();
  await quietly(`npm ${version} install`, version, copy, ["npm", "install"]);
  if (lockfile() !== before) throw new Error(`npm ${version} leaves another package-lock.json behind`);
  await signUp(`npm ${version} start`, version, copy, ["npm", "start"]);
  return { version, copy };
}

async function pack({ version, copy }) {
  await run("npm", ["pack", "--silent", "--pack-destination", folder], { cwd: copy, env: environmentOf(version) });
  return join(
    folder,
    readdirSync(folder).find((name) => name.endsWith(".tgz")),
  );
}

async function tryPackage(version, tarball) {
  const project = join(folder, `project-${version}`);
  mkdirSync(project);
  writeFileSync(join(project, "package.json"), JSON.stringify({ private: true }));
  await quietly(`npm ${version} install ostiary`, version, project, ["npm", "install", tarball]);
  await signUp(`npx ostiary serve, by npm ${version}`, version, project, ["npx", "ostiary", "serve", "--dev"]);
}

/** Runs a command that may not fail, and may not warn. */
async function quietly(title, version, cwd, [command, ...words]) {
  const start = performance.now();
  const said = await run(command, words, { cwd, env: environmentOf(version) });
  const complaints = said.split("\n").filter((line) => /warn|deprecated|error|EBADENGINE|gyp/i.test(line));
  if (complaints.length)
    throw new Error(`${title} says what a newcomer would have to ignore:\n${complaints.join("\n")}`);
  console.log(`${title}: ${Math.round((performance.now() - start) / 1000)} s, without a warning`);
}

/** Starts a server, and makes an account by the first two calls that the README names. */
async function signUp(title, version, cwd, [command, ...words]) {
  const [open, admin] = [await freePort(), await freePort()];
  const env = {
    ...environmentOf(version),
    SERVE_PUBLIC_PORT: `${open}`,
    SERVE_ADMIN_PORT: `${admin}`,
    SERVE_PUBLIC_BASE_URL: `http://127.0.0.1:${open}/`,
  };
  let said = "";
  const child = spawn(command, words, { cwd, env, detached: true, stdio: ["ignore", "pipe", "pipe"] });
  const ended = new Promise((done) => child.once("close", done));
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (text) => void (said += text));
  try {
    await untilReady(`http://127.0.0.1:${admin}/health/ready`, child, () => said);
    const flow = await (await fetch(`http://127.0.0.1:${open}/self-service/registration/api`)).json();
    const submission = { method: "password", password: "correct horse battery", traits: { email: "ada@example.org" } };
    const answer = await fetch(flow.ui.action, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(submission),
    });
    const { session_token: token } = await answer.json();
    if (answer.status !== 200 || !token) throw new Error(`${title}: nobody could sign up (${answer.status})\n${said}`);
    console.log(`${title}: somebody signed up`);
  } finally {
    if (child.exitCode === null) process.kill(-child.pid, "SIGTERM");
    await ended;
  }
}

async function untilReady(url, child, said) {
  for (let tries = 0; tries < 600; tries++) {
    if (child.exitCode !== null) break;
    if (
      await fetch(url).then(
        ({ ok }) => ok,
        () => false,
      )
    )
      return;
    await new Promise((done) => setTimeout(done, 100));
  }
  throw new Error(`the server did not become ready:\n${said()}`);
}

function environmentOf(version) {
  // Where packages come from, and who vouches for that, is the machine's; so is what was downloaded before.
  const kept = Object.entries(process.env).filter(([name]) =>
    /^(?:https?_proxy|no_proxy|npm_config_(?:registry|cafile|cache|globalconfig)|NODE_EXTRA_CA_CERTS|SSL_CERT_FILE)$/i.test(
      name,
    ),
  );
  return { ...Object.fromEntries(kept), HOME: join(folder, `home-${version}`), PATH: pathOf(version) };
}

function pathOf(version) {
  return join(folder, `path-${version}`);
}

/** Runs a command to its end, and answers with all that it said. */
function run(command, words, { cwd, env }) {
  return new Promise((done, fail) => {
    let said = "";
    const child = spawn(command, words, { cwd, env, stdio: ["ignore", "pipe", "pipe"] });
    for (const stream of [child.stdout, child.stderr]) stream.on("data", (text) => void (said += text));
    child.once("error", fail);
    child.once("close", (code) =>
      code === 0 ? done(said) : fail(new Error(`${command} ${words.join(" ")} in ${dirname(cwd)}:\n${said}`)),
    );
  });
}
