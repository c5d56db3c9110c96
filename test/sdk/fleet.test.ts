import assert from "node:assert/strict";
import { test } from "node:test";
import { setTimeout as pause } from "node:timers/promises";
import { createAdminClients, createPublicClients, withSessionToken } from "@ostiary/sdk";
import { createChannelTransport } from "@ostiary/sdk/grpc";
import type { ChannelTransportOptions } from "@ostiary/sdk/grpc";
import { createMigrated, databases } from "../support/databases.ts";
import { password } from "../support/person.ts";
import { startProcess } from "../support/server-process.ts";
import type { ServerProcess } from "../support/server-process.ts";

const email = "kim@example.org";
const clientsAtOnce = 12;

interface Load {
  answered: number;
  readonly failed: string[];
}

/** Calls again and again, some at once, until told to stop. */
function keepCalling(call: () => Promise<unknown>): { readonly load: Load; stop(): Promise<void> } {
  const load: Load = { answered: 0, failed: [] };
  let over = false;
  const clients = Array.from({ length: clientsAtOnce }, async () => {
    while (!over)
      await call().then(
        () => load.answered++,
        async (error: Error) => {
          load.failed.push(error.message);
          await pause(20);
        },
      );
  });
  return {
    load,
    async stop() {
      over = true;
      await Promise.all(clients);
    },
  };
}

const hostOf = (url: string) => new URL(url).host;

async function signIn(server: ServerProcess): Promise<string> {
  using transport = createChannelTransport({ target: hostOf(server.publicUrl), tls: false });
  using adminTransport = createChannelTransport({ target: hostOf(server.adminUrl), tls: false });
  const { identity } = createAdminClients(adminTransport);
  await identity.createIdentity({
    identity: { schemaId: "person", traits: { email }, credentials: { password: { config: { password } } } },
  });
  const { login } = createPublicClients(transport);
  const { flow } = await login.createNativeLoginFlow({});
  const value = { identifier: email, password };
  const method = { case: "password" as const, value };
  return (await login.updateLoginFlow({ flow: flow!.id, submission: { method } })).sessionToken!;
}

for (const dialect of databases)
  test(
    `of three servers one is killed and one drained under load, and no call that can be made again fails (${dialect})`,
    { timeout: 120_000 },
    async (t) => {
      const { dsn, drop } = await createMigrated(dialect);
      const config = { dsn, dev: false, serve: { shutdown: { lame_duck: "1s" } } };
      const start = () => startProcess(t, { config });
      const fleet = [await start(), await start(), await start()];
      t.after(() => drop());
      const [killed, drained, last] = fleet as [ServerProcess, ServerProcess, ServerProcess];
      const token = await signIn(last);
      const to = (url: (server: ServerProcess) => string): ChannelTransportOptions => ({
        target: fleet.map((server) => hostOf(url(server))),
        tls: false,
      });
      const toPublic = to(({ publicUrl }) => publicUrl);
      using transport = createChannelTransport({ ...toPublic, interceptors: [withSessionToken(token)] });
      // Knows of a server that goes by its GOAWAY alone.
      using strangers = createChannelTransport({ ...toPublic, health: false, retries: false });
      using adminTransport = createChannelTransport(to(({ adminUrl }) => adminUrl));
      const { session } = createPublicClients(transport);
      const { login } = createPublicClients(strangers);
      const { identity } = createAdminClients(adminTransport);

      const whoami = keepCalling(() => session.toSession({}));
      const lists = keepCalling(() => identity.listIdentities({ pageSize: 5 }));
      await pause(300);
      await killed.stop("SIGKILL");
      await pause(700);
      // What is no repetition of itself is made once: a server that goes in order breaks none of these either.
      const begun = keepCalling(() => login.createNativeLoginFlow({}));
      await pause(200);
      assert.equal(await drained.stop("SIGTERM"), 0);
      await pause(500);
      await Promise.all([whoami.stop(), lists.stop(), begun.stop()]);
      for (const { load } of [whoami, lists, begun]) {
        assert.deepEqual(load.failed, [], `of ${load.answered}`);
        assert.ok(load.answered > 50, `${load.answered} answered`);
      }
      t.diagnostic(`${whoami.load.answered} whoami, ${lists.load.answered} lists, ${begun.load.answered} flows`);
    },
  );
