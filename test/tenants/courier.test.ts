import assert from "node:assert/strict";
import { createServer } from "node:net";
import type { AddressInfo } from "node:net";
import { once } from "node:events";
import { until } from "../support/courier.ts";
import { startMailServer } from "../support/mail-server.ts";
import { onEachDatabase } from "../support/servers.ts";
import type { TestServer } from "../support/server.ts";
import { makePerson, makeTenant } from "./world.ts";
import type { TenantWorld } from "./world.ts";

const password = "correct-horse-battery-1";
const config = {
  "watch-courier": true,
  courier: { worker: { pull_wait: "20ms" }, smtp: { connection_uri: "smtp://127.0.0.1:1/?disable_starttls=true" } },
  selfservice: { methods: { code: { enabled: true } }, flows: { recovery: { enabled: true } } },
};
const sender = (port: number, from: string) => ({
  courier: { smtp: { connection_uri: `smtp://127.0.0.1:${port}/?disable_starttls=true`, from_address: from } },
});

async function forgetPassword(tenant: TenantWorld, email: string): Promise<void> {
  const { body: flow } = await tenant.get("/self-service/recovery/api");
  const { status } = await tenant.post(flow.ui.action, { method: "code", email });
  assert.equal(status, 200);
}

onEachDatabase(
  "each tenant's mail goes out by its own server, from its own sender",
  async (server: TestServer, t) => {
    const [posts, others] = [await startMailServer(t), await startMailServer(t)];
    const acme = await makeTenant(server, "acme", sender(posts.port, "hello@acme.example"));
    const globex = await makeTenant(server, "globex", sender(others.port, "hello@globex.example"));
    for (const tenant of [acme, globex]) {
      await makePerson(tenant, "pat@example.org", password);
      await forgetPassword(tenant, "pat@example.org");
    }
    await until(() => posts.received.length === 1 && others.received.length === 1, 20_000);
    assert.match(posts.received[0]!.mail.from!.text, /hello@acme\.example/);
    assert.match(others.received[0]!.mail.from!.text, /hello@globex\.example/);
    assert.equal((await acme.admin("GET", "/admin/courier/messages")).body.length, 1);
    assert.equal((await server.adminClient.get("/admin/courier/messages")).body.length, 0);
  },
  { config },
);

onEachDatabase(
  "a tenant whose mail server is down holds no other's mail up",
  async (server: TestServer, t) => {
    const down = createServer((socket) => socket.on("error", () => undefined).destroy()).listen(0, "127.0.0.1");
    await once(down, "listening");
    t.after(() => down.close());
    const posts = await startMailServer(t);
    const acme = await makeTenant(server, "acme", sender((down.address() as AddressInfo).port, "hello@acme.example"));
    const globex = await makeTenant(server, "globex", sender(posts.port, "hello@globex.example"));
    for (let at = 0; at < 8; at++) {
      await makePerson(acme, `p${at}@example.org`, password);
      await forgetPassword(acme, `p${at}@example.org`);
    }
    await makePerson(globex, "pat@example.org", password);
    await forgetPassword(globex, "pat@example.org");
    await until(() => posts.received.length === 1, 20_000);
    assert.equal(posts.received[0]!.to[0], "pat@example.org");
  },
  { config },
);
