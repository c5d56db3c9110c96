// What a token costs beside its whoami: asks for sessions as they are, and as tokens of each kind of key and mapper, one after
// the other. `node bench/session-tokens.ts`; OSTIARY_BENCH_SECONDS says how long each is asked for.
import { generateKeyPairSync } from "node:crypto";
import type { KeyObject } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { encoded, wholeTree } from "../test/support/config.ts";
import { measure, tell } from "./figures.ts";
import { load, post, shoot } from "./load.ts";
import { start, stop, untilReady } from "./processes.ts";

const seconds = Number(process.env["OSTIARY_BENCH_SECONDS"] ?? 3);
const port = 20_000 + (process.pid % 20_000);
const [open, admin] = [`http://127.0.0.1:${port}`, `http://127.0.0.1:${port + 1}`];
const person = { identifier: "bench@example.org", password: "correct horse battery" };

const keySet = (privateKey: KeyObject, alg: string) => ({
  jwks_url: encoded({ keys: [{ ...privateKey.export({ format: "jwk" }), alg }] }),
});
const program = (text: string) => `base64://${Buffer.from(text).toString("base64")}`;
const templates = {
  own: {},
  ES256: keySet(generateKeyPairSync("ec", { namedCurve: "P-256" }).privateKey, "ES256"),
  EdDSA: keySet(generateKeyPairSync("ed25519").privateKey, "EdDSA"),
  RS256: keySet(generateKeyPairSync("rsa", { modulusLength: 2048 }).privateKey, "RS256"),
  jsonnet: {
    claims_mapper_url: program("{ claims: { email: std.extVar('session').identity.traits.email } }"),
  },
  cel: {
    claims_mapper_url: program('{"claims": {"email": session.identity.traits.email}}'),
    claims_mapper_language: "cel",
  },
};

async function signIn(): Promise<string> {
  const traits = { email: person.identifier };
  const credentials = { password: { config: { password: person.password } } };
  await post(`${admin}/admin/identities`, { schema_id: "person", traits, credentials });
  const flow = JSON.parse(await shoot({ url: `${open}/self-service/login/api` })) as { ui: { action: string } };
  const answer = await post(flow.ui.action, { method: "password", ...person });
  return (JSON.parse(answer) as { session_token: string }).session_token;
}

const folder = mkdtempSync(join(tmpdir(), "ostiary-bench-"));
const file = join(folder, "kratos.yml");
const serve = { public: { base_url: open, host: "127.0.0.1", port }, admin: { host: "127.0.0.1", port: port + 1 } };
const session = { whoami: { tokenizer: { templates } } };
writeFileSync(file, JSON.stringify(wholeTree({ dsn: "memory", serve, session })));
const server = start(["bin/ostiary.js", "serve", "--dev", "-c", file]);
server.stderr!.resume();
try {
  await untilReady(`${admin}/health/ready`);
  const headers = { "x-session-token": await signIn() };
  const ask = async (query: string, forSeconds = seconds) => {
    const shot = { url: `${open}/sessions/whoami${query}`, headers };
    await load(() => shoot(shot), Math.min(forSeconds, 2), 8);
    return measure(server.pid!, () => load(() => shoot(shot), forSeconds, 8));
  };
  const plain = { name: "plain whoami", figures: await ask("") };
  tell(plain.name, plain.figures);
  for (const name of Object.keys(templates)) tell(`token, ${name}`, await ask(`?tokenize_as=${name}`), plain);
} finally {
  await stop(server);
  rmSync(folder, { recursive: true });
}
