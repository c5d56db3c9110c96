import { Client, csrfTokenOf } from "../support/client.ts";
import { keep, learn } from "./known.ts";
import type { Known } from "./known.ts";
import type { Random } from "./random.ts";

const kinds = ["login", "registration", "recovery", "verification"] as const;

/** Does what people do, so that there is always somebody signed in, and flows of every kind to submit to. */
export async function liveOn(
  random: Random,
  known: Known,
  { publicUrl, adminUrl }: { publicUrl: string; adminUrl: string },
): Promise<void> {
  const from = { "x-forwarded-for": `198.51.${random.below(256)}.${random.below(256)}` };
  const native = new Client(publicUrl);
  const email = `p${random.below(1e9)}@example.org`;
  const password = `correct-horse-${random.below(1e9)}`;
  const made = await new Client(adminUrl).post("/admin/identities", {
    schema_id: "person",
    traits: { email },
    credentials: { password: { config: { password } } },
  });
  if (made.status !== 201) return;
  keep(known.identities, made.body.id);
  keep(known.people, { email, password });
  const flow = await native.get("/self-service/login/api", { headers: from });
  if (flow.status !== 200) return;
  const signedIn = await native.post(
    flow.body.ui.action,
    { method: "password", identifier: email, password },
    { headers: from },
  );
  learn(known, signedIn.body, "");
  const token = signedIn.body.session_token;
  if (token)
    learn(
      known,
      (await native.get("/self-service/settings/api", { headers: { ...from, "x-session-token": token } })).body,
      "",
    );
  for (const kind of kinds) learn(known, (await native.get(`/self-service/${kind}/api`, { headers: from })).body, "");
  await inBrowser(random, known, publicUrl, { email, password, from });
}

/** The same in a browser, whose cookies the flows need. */
async function inBrowser(
  random: Random,
  known: Known,
  publicUrl: string,
  { email, password, from }: { email: string; password: string; from: Record<string, string> },
): Promise<void> {
  const app = new Client(publicUrl, "spa");
  const jar = () => [...app.cookies].map(([name, value]) => `${name}=${value}`).join("; ");
  const { status, body } = await app.get("/self-service/login/browser", { headers: from });
  if (status !== 200) return;
  if (random.chance(0.5))
    await app.post(
      body.ui.action,
      { method: "password", identifier: email, password, csrf_token: csrfTokenOf(body) },
      { headers: from },
    );
  for (const kind of [...kinds, "settings"])
    learn(known, (await app.get(`/self-service/${kind}/browser`, { headers: from })).body, jar());
  const { location } = await new Client(publicUrl, "html").get("/self-service/login/browser?aal=none", {
    headers: from,
  });
  const error = /[?&]id=([\w-]+)/.exec(location ?? "")?.[1];
  if (error) keep(known.errors, error);
}
