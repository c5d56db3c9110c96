import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { barrage } from "./h2load.ts";
import { measure, tell } from "./figures.ts";
import type { Figures } from "./figures.ts";
import { shoot } from "./load.ts";
import { start, stop, untilReady } from "./processes.ts";
import { measureStart } from "./start-up.ts";

/** The server under measurement. */
export interface Subject {
  readonly words: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  readonly open: string;
  readonly admin: string;
}

const count = 1000;
const password = "correct horse battery";

/** Measures what tenants cost: whoami with none, with a thousand, and in one of them; and the start with and without them. */
export async function measureTenants({ words, environment, open, admin }: Subject, seconds: number): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "ostiary-bench-"));
  const own = { ...environment, DSN: `sqlite://${folder}/tenants.sqlite` };
  const serving = async <T>(work: (pid: number) => Promise<T>): Promise<T> => {
    const server = start(words, own);
    server.stderr!.resume();
    try {
      await untilReady(`${admin}/health/ready`);
      return await work(server.pid!);
    } finally {
      await stop(server);
    }
  };
  const whoami = async (pid: number, headers: Readonly<Record<string, string>>): Promise<Figures> => {
    const shot = { url: `${open}/sessions/whoami`, headers: { accept: "application/json", ...headers } };
    await barrage({ ...shot, seconds: 4 });
    return measure(pid, () => barrage({ ...shot, seconds }));
  };
  try {
    await measureStart(words, own);
    const token = await serving(() => signIn(open, admin, {}, {}));
    const alone = await serving((pid) => whoami(pid, { "x-session-token": token }));
    const rival = { name: "that", figures: alone };
    tell("whoami, no tenants", alone);
    const inTenant = await serving(async () => {
      for (let n = 0; n < count; n++)
        await json(admin, "/admin/tenants", { slug: `t${n}`, hosts: [`t${n}.example`] }, {});
      return signIn(open, admin, { host: "t500.example" }, { "x-tenant": "t500" });
    });
    await serving(async (pid) => {
      tell(`whoami, beside ${count} tenants`, await whoami(pid, { "x-session-token": token }), rival);
      tell(
        `whoami in one of ${count}`,
        await whoami(pid, { "x-session-token": inTenant, "x-forwarded-host": "t500.example" }),
        rival,
      );
    });
    await measureStart(words, own);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

async function signIn(
  open: string,
  admin: string,
  host: Record<string, string>,
  named: Record<string, string>,
): Promise<string> {
  const email = "bench@example.org";
  await json(
    admin,
    "/admin/identities",
    { schema_id: "person", traits: { email }, credentials: { password: { config: { password } } } },
    named,
  );
  const flow = JSON.parse(await shoot({ url: `${open}/self-service/login/api`, headers: host })) as {
    ui: { action: string };
  };
  const { search, pathname } = new URL(flow.ui.action);
  const { session_token: token } = await json(
    open,
    pathname + search,
    { method: "password", identifier: email, password },
    host,
  );
  return token as string;
}

async function json(
  base: string,
  path: string,
  body: object,
  headers: Record<string, string>,
): Promise<Record<string, unknown>> {
  const answer = await shoot({
    method: "POST",
    url: base + path,
    headers: { "content-type": "application/json", ...headers },
    body: JSON.stringify(body),
  });
  return JSON.parse(answer) as Record<string, unknown>;
}
