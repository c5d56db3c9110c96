import { createInterface } from "node:readline/promises";
import { createGrpcTransport } from "@connectrpc/connect-node";
import { createPublicClients, ErrorReason, OstiaryError, withSessionToken } from "@ostiary/sdk";

const baseUrl = process.env.OSTIARY_URL ?? "http://localhost:4433";
const [identifier] = process.argv.slice(2);
if (!identifier) {
  console.error("usage: npm start -- <e-mail address>");
  process.exit(2);
}

let token;
const { login, session } = createPublicClients(
  createGrpcTransport({ baseUrl, interceptors: [withSessionToken(() => token)] }),
);

async function ask(question) {
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  const answer = await terminal.question(question);
  terminal.close();
  return answer;
}

/** What the form says went wrong, in a line. */
const complaintsOf = (flow) =>
  [...flow.ui.messages, ...flow.ui.nodes.flatMap(({ messages }) => messages)].map(({ text }) => text).join(" ");

/** Begins a login flow of a level, and submits to it; keeps the session's token. */
async function submit(aal, method) {
  const { flow } = await login.createNativeLoginFlow({ aal });
  const done = await login.updateLoginFlow({ flow: flow.id, submission: { method } });
  token = done.sessionToken || token;
}

async function whoami() {
  try {
    return await session.toSession({});
  } catch (thrown) {
    if (!OstiaryError.from(thrown).is(ErrorReason.SESSION_AAL2_REQUIRED)) throw thrown;
    const totpCode = process.env.OSTIARY_CODE ?? (await ask("Code of your authenticator app: "));
    await submit("aal2", { case: "totp", value: { totpCode } });
    return session.toSession({});
  }
}

try {
  const password = process.env.OSTIARY_PASSWORD ?? (await ask("Password: "));
  await submit("aal1", { case: "password", value: { identifier, password } });
  const { session: current } = await whoami();
  console.log(`signed in: ${current.identity.traits.email}, until ${new Date(Number(current.expiresAt.seconds) * 1000).toISOString()}`);
} catch (thrown) {
  const error = OstiaryError.from(thrown);
  console.error(error.flow ? complaintsOf(error.flow) : error.message);
  process.exitCode = 1;
}
