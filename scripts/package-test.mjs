// Packs the SDK, installs it into an empty project by the oldest Node that it names, and calls a server as it is packed: what users
// do with a release.
import { execFileSync, spawn } from "node:child_process";
import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

const root = resolve(import.meta.dirname, "..");
const folder = mkdtempSync(join(tmpdir(), "ostiary-package-"));
const platform = process.platform === "win32" ? "win" : process.platform;
const nodeName = `${platform === "darwin" && process.arch === "arm64" ? "node-bin" : "node"}-${platform}-${process.arch}`;
const run = (command, words, cwd) => execFileSync(command, words, { cwd, stdio: ["ignore", "inherit", "inherit"] });

const program = `
import { createGrpcTransport, createConnectTransport } from "@connectrpc/connect-node";
import { createPublicClients, createAdminClients, OstiaryError, withSessionToken } from "@ostiary/sdk";
import { createChannelTransport } from "@ostiary/sdk/grpc";
const grpc = createGrpcTransport({ baseUrl: "http://127.0.0.1:4633" });
const admin = createAdminClients(createConnectTransport({ baseUrl: "http://127.0.0.1:4634", httpVersion: "1.1" }));
await admin.identity.createIdentity({ identity: { schemaId: "person", traits: { email: "sdk@example.org" },
  credentials: { password: { config: { password: "correct horse battery" } } } } });
const { login } = createPublicClients(grpc);
const { flow } = await login.createNativeLoginFlow({});
const wrong = await login.updateLoginFlow({ flow: flow.id, submission: { method: { case: "password",
  value: { identifier: "sdk@example.org", password: "wrong" } } } }).catch((error) => OstiaryError.from(error));
if (wrong.flow?.ui?.messages[0]?.id !== 4000006) throw new Error("the error carries no form: " + wrong);
const signedIn = await login.updateLoginFlow({ flow: flow.id, submission: { method: { case: "password",
  value: { identifier: "sdk@example.org", password: "correct horse battery" } } } });
const transport = createGrpcTransport({ baseUrl: "http://127.0.0.1:4633", interceptors: [withSessionToken(signedIn.sessionToken)] });
const { session } = await createPublicClients(transport).session.toSession({});
if (session.identity.traits.email !== "sdk@example.org") throw new Error("whoami knows somebody else");
const { registration } = createPublicClients(grpc);
const begun = await registration.createNativeRegistrationFlow({});
const known = await registration.updateRegistrationFlow({ flow: begun.flow.id, submission: { method: { case: "password",
  value: { password: "password123", traits: { email: "new@example.org" } } } } }).catch((error) => OstiaryError.from(error));
if (!known.flow) throw new Error("a password that everybody uses was not looked up: " + known);
const channel = createChannelTransport({ target: ["127.0.0.1:4633"], tls: false, interceptors: [withSessionToken(signedIn.sessionToken)] });
if (!(await createPublicClients(channel).session.toSession({})).session.active) throw new Error("a channel knows nobody");
channel.close();
const { client } = await admin.oauth2Client.createOAuth2Client({ client: { grantTypes: ["client_credentials"] } });
const token = await fetch("http://127.0.0.1:4633/oauth2/token", { method: "POST", body: new URLSearchParams({ grant_type: "client_credentials" }),
  headers: { authorization: "Basic " + btoa(client.clientId + ":" + client.clientSecret) } }).then((answer) => answer.json());
if (token.token_type !== "Bearer") throw new Error("the provider of OAuth 2.0 gives no token: " + JSON.stringify(token));
console.log("the packed SDK signs in over gRPC and administrates over Connect");
`;

run(process.execPath, ["scripts/build.mjs"], root);
const server = spawn(process.execPath, [join(root, "dist/main.js"), "serve", "--dev", "-c", "examples/kratos.yml"], {
  cwd: root,
  stdio: ["ignore", "inherit", "inherit"],
  env: {
    ...process.env,
    DSN: "memory",
    OAUTH2_PROVIDER_MODE: "embedded",
    SERVE_PUBLIC_PORT: "4633",
    SERVE_ADMIN_PORT: "4634",
  },
});
try {
  run("npm", ["pack", "--silent", "--pack-destination", folder], join(root, "sdk"));
  const tarball = readdirSync(folder).find((name) => name.endsWith(".tgz"));
  writeFileSync(join(folder, "package.json"), JSON.stringify({ private: true, type: "module" }));
  const wanted = ["@connectrpc/connect@2.2.0", "@connectrpc/connect-node@2.2.0", "@grpc/grpc-js@1.14.7"];
  const oldest = /\d+/.exec(JSON.parse(readFileSync(join(root, "sdk/package.json"), "utf8")).engines.node)[0];
  const tools = join(folder, "tools");
  run(
    "npm",
    ["install", "--silent", "--no-audit", "--no-fund", "--prefix", tools, "npm@10", `${nodeName}@${oldest}.0.0`],
    folder,
  );
  const node = join(tools, "node_modules", nodeName, "bin", process.platform === "win32" ? "node.exe" : "node");
  const npm = join(tools, "node_modules/npm/bin/npm-cli.js");
  run(node, [npm, "install", "--engine-strict", "--no-audit", "--no-fund", `./${tarball}`, ...wanted], folder);
  writeFileSync(join(folder, "program.js"), program);
  await untilReady("http://127.0.0.1:4634/health/ready");
  run(node, ["program.js"], folder);
} finally {
  server.kill("SIGTERM");
  rmSync(folder, { recursive: true, force: true });
}

async function untilReady(url) {
  for (let tries = 0; tries < 100; tries++) {
    const ready = await fetch(url).then(
      ({ ok }) => ok,
      () => false,
    );
    if (ready) return;
    await new Promise((done) => setTimeout(done, 100));
  }
  throw new Error("the server did not become ready");
}
