import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { createWriteStream, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join, resolve } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { encoded, mergeTrees } from "../../test/support/config.ts";
import type { ConfigTree } from "../../test/support/config.ts";
import { startMailServer } from "../../test/support/mail-server.ts";
import type { MailServer } from "../../test/support/mail-server.ts";
import { adminUrl, publicUrl } from "./addresses.ts";
import type { UserInterface } from "./ui.ts";

const root = resolve(import.meta.dirname, "../..");

/** What a web hook was told. */
export interface HookCall {
  readonly flow: string;
  readonly transient_payload: unknown;
}

/** A server, its mail and its web hooks. */
export interface Backend {
  readonly mail: MailServer;
  readonly hooks: readonly HookCall[];
  /** Changes the configuration, and waits until it is in effect. */
  reconfigure(changes: ConfigTree): Promise<void>;
  stop(): Promise<void>;
}

/** Starts a program, and writes down what it says. */
export function run(
  name: string,
  folder: string,
  words: readonly string[],
  cwd: string,
  environment: Readonly<Record<string, string>> = {},
): ChildProcess {
  const child = spawn(words[0]!, words.slice(1), {
    cwd,
    env: { ...process.env, ...environment },
    stdio: ["ignore", "pipe", "pipe"],
    detached: true,
  });
  const log = createWriteStream(join(folder, `${name}.log`));
  child.stdout.pipe(log);
  child.stderr.pipe(log);
  return child;
}

/** Ends a program and what it started. */
export async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return;
  const gone = new Promise((done) => child.once("exit", done));
  process.kill(-child.pid!, "SIGTERM");
  await gone;
}

/** Waits until a URL answers with something that is no fault of its server. */
export async function untilReady(url: string): Promise<void> {
  for (let tries = 0; tries < 600; tries++) {
    const status = await fetch(url, { redirect: "manual" }).then(
      (answer) => answer.status,
      () => 599,
    );
    if (status < 500) return;
    await pause(100);
  }
  throw new Error(`${url} does not answer`);
}

/** Starts a server for the pages of a user interface, with a mail server and a listener for its web hooks. */
export async function startBackend(ui: UserInterface, folder: string): Promise<Backend> {
  const mail = await startMailServer(undefined);
  const hooks: HookCall[] = [];
  const listener = createServer((req, res) => {
    const chunks: Buffer[] = [];
    req.on("data", (chunk: Buffer) => chunks.push(chunk));
    req.on("end", () => {
      hooks.push(JSON.parse(Buffer.concat(chunks).toString()));
      res.end("{}");
    });
  });
  await new Promise<void>((listening) => listener.listen(0, "127.0.0.1", listening));
  const file = join(folder, "kratos.yml");
  const base = mergeTrees(configuration(ui, mail.port, (listener.address() as AddressInfo).port), ui.config);
  const write = (changes: ConfigTree) => writeFileSync(file, JSON.stringify(mergeTrees(base, changes)));
  write({ revision: "0" });
  const words = [process.execPath, "bin/ostiary.js", "serve", "--dev", "-c", file, "--watch-courier"];
  const server = run("server", folder, words, root, { DEV_DISABLE_API_FLOW_ENFORCEMENT: String(ui.native ?? false) });
  await untilReady(`${adminUrl}/health/ready`);
  let revision = 0;
  return {
    mail,
    hooks,
    async reconfigure(changes) {
      write({ ...changes, revision: String(++revision) });
      for (let tries = 0; tries < 100; tries++) {
        const inEffect = await (await fetch(`${adminUrl}/health/config`)).text();
        if (inEffect.trim() === String(revision)) return;
        await pause(100);
      }
      throw new Error("the changed configuration is not in effect");
    },
    async stop() {
      await Promise.all([stop(server), mail.close()]);
      listener.close();
    },
  };
}

const trait = (title: string, rest: object) => ({ title, ...rest });

/** People with a check box and a number. */
const schema = {
  $id: "https://example.org/walker.schema.json",
  type: "object",
  properties: {
    traits: {
      type: "object",
      properties: {
        email: trait("E-Mail", {
          type: "string",
          format: "email",
          "ory.sh/kratos": {
            credentials: {
              password: { identifier: true },
              webauthn: { identifier: true },
              passkey: { display_name: true },
              totp: { account_name: true },
            },
            verification: { via: "email" },
            recovery: { via: "email" },
          },
        }),
        age: trait("Age", { type: "number", minimum: 13 }),
        tos: trait("I accept the terms", { type: "boolean" }),
      },
      required: ["email"],
      additionalProperties: false,
    },
  },
};

function configuration({ origin, pages }: UserInterface, smtp: number, hook: number): ConfigTree {
  const body = `base64://${Buffer.from("function(ctx) { flow: ctx.flow.type, transient_payload: ctx.flow.transient_payload }").toString("base64")}`;
  const told = { hook: "web_hook", config: { url: `http://127.0.0.1:${hook}/`, method: "POST", body } };
  const rp = { id: new URL(origin).hostname, display_name: "Walk", origins: [origin] };
  const page = (kind: keyof UserInterface["pages"]) => ({ ui_url: `${origin}${pages[kind]}` });
  const signUp = { hooks: [told, { hook: "session" }] };
  return {
    dsn: "memory",
    log: { level: "debug", leak_sensitive_values: true },
    serve: {
      public: { base_url: `${publicUrl}/`, cors: { enabled: true, allowed_origins: [origin] } },
      admin: { base_url: `${adminUrl}/` },
    },
    identity: { schemas: [{ id: "default", url: encoded(schema) }] },
    secrets: { cookie: ["a-cookie-secret-of-walks"], cipher: ["a-cipher-secret-of-walks-32-byte"] },
    hashers: { algorithm: "argon2", argon2: { memory: "1MB", iterations: 1, parallelism: 1 } },
    courier: {
      smtp: { connection_uri: `smtp://127.0.0.1:${smtp}/?disable_starttls=true`, from_address: "walk@example.org" },
      limits: { per_address: { messages: 0 } },
    },
    session: { whoami: { required_aal: "highest_available" } },
    selfservice: {
      default_browser_return_url: `${origin}/`,
      allowed_return_urls: [origin],
      methods: {
        password: { config: { haveibeenpwned_enabled: false } },
        code: { enabled: true },
        link: { enabled: true },
        totp: { enabled: true, config: { issuer: "Walk" } },
        lookup_secret: { enabled: true },
        passkey: { enabled: true, config: { rp } },
        webauthn: { enabled: true, config: { passwordless: false, rp } },
      },
      flows: {
        error: page("error"),
        login: page("login"),
        logout: { after: { default_browser_return_url: `${origin}${pages.login}` } },
        settings: {
          ...page("settings"),
          required_aal: "highest_available",
          privileged_session_max_age: "1h",
          after: { hooks: [told] },
        },
        recovery: { ...page("recovery"), enabled: true, use: "code" },
        verification: { ...page("verification"), enabled: true, use: "code" },
        registration: {
          ...page("registration"),
          style: "unified",
          after: { password: signUp, webauthn: signUp, passkey: signUp },
        },
      },
    },
  };
}
