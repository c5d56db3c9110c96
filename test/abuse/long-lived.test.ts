import assert from "node:assert/strict";
import http from "node:http";
import { test } from "node:test";
import { startProcess } from "../support/server-process.ts";
import type { ServerProcess } from "../support/server-process.ts";

const [floods, guessesEach, atOnce] = [5, 300, 32] as const;
// It is 190 MB, and 300 where garbage is left to grow.
const boundMb = 250;

test("a server that is flooded five times in a row holds little all the time", { timeout: 120_000 }, async (t) => {
  const server = await startProcess(t, { config: { selfservice: { new_flows_per_client: { enabled: false } } } });
  const held: number[] = [];
  for (let flood = 0; flood < floods; flood++) held.push(await heldThroughout(server, flood));
  assert.ok(Math.max(...held) <= boundMb, `it held ${held.join(", ")} MB`);
});

/** Begins many logins at once, and guesses in each at an account that nobody has; the most memory that was held meanwhile, in MB. */
async function heldThroughout(server: ServerProcess, flood: number): Promise<number> {
  const agent = new http.Agent({ keepAlive: true, maxSockets: atOnce });
  let [mostMb, guesses] = [0, 0];
  const guess = async () => {
    while (guesses < guessesEach) {
      const identifier = `nobody${flood}-${guesses++}@example.org`;
      const flow = await send(agent, `${server.publicUrl}/self-service/login/api`);
      const { ui } = JSON.parse(flow.text) as { ui: { action: string } };
      const { pathname, search } = new URL(ui.action);
      const { status } = await send(agent, server.publicUrl + pathname + search, {
        method: "password",
        identifier,
        password: "wrong-horse-battery",
      });
      assert.ok(status === 400 || status === 429, String(status));
      mostMb = Math.max(mostMb, server.residentMb());
    }
  };
  await Promise.all(Array.from({ length: atOnce }, guess));
  agent.destroy();
  return mostMb;
}

function send(
  agent: http.Agent,
  url: string,
  body?: object,
): Promise<{ readonly status: number; readonly text: string }> {
  return new Promise((done, fail) => {
    const headers = { accept: "application/json", ...(body && { "content-type": "application/json" }) };
    const request = http.request(url, { agent, method: body ? "POST" : "GET", headers }, async (response) => {
      const chunks: Buffer[] = [];
      for await (const chunk of response) chunks.push(chunk as Buffer);
      done({ status: response.statusCode!, text: Buffer.concat(chunks).toString() });
    });
    request.on("error", fail).end(body && JSON.stringify(body));
  });
}
