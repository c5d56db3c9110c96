// Whether time tells who has an account: asks for codes and links for people who are there and people who are not, in turns,
// each address once. `node bench/enumeration.ts`, with OSTIARY_BENCH_DSN=postgres://... for another database, an empty one.
import { personSchema } from "../test/support/config.ts";
import { admin, beginFlow, post, serve } from "./serve.ts";

const samples = Number(process.env["OSTIARY_BENCH_SAMPLES"] ?? 400);
const flags = {
  credentials: { code: { identifier: true, via: "email" } },
  verification: { via: "email" },
  recovery: { via: "email" },
};
const schema = structuredClone(personSchema) as { properties: { traits: { properties: { email: object } } } };
schema.properties.traits.properties.email = { type: "string", format: "email", "ory.sh/kratos": flags };

function configuration(use: "code" | "link", notified: boolean): object {
  const flow = { enabled: true, use, notify_unknown_recipients: notified, ui_url: "http://127.0.0.1/x" };
  return {
    security: { account_enumeration: { mitigate: true } },
    identity: {
      default_schema_id: "p",
      schemas: [{ id: "p", url: `base64://${Buffer.from(JSON.stringify(schema)).toString("base64")}` }],
    },
    // All that is asked comes from one client.
    courier: {
      smtp: { connection_uri: "smtp://127.0.0.1:1/?disable_starttls=true" },
      limits: { per_client: { messages: 0 } },
    },
    selfservice: {
      default_browser_return_url: "http://127.0.0.1/",
      new_flows_per_client: { enabled: false },
      methods: {
        password: { enabled: false },
        code: { enabled: true, passwordless_enabled: true },
        link: { enabled: true },
      },
      flows: {
        recovery: flow,
        verification: flow,
        login: { ui_url: "http://127.0.0.1/x" },
        registration: { ui_url: "http://127.0.0.1/x" },
      },
    },
  };
}

async function ask(kind: string, method: string, address: string): Promise<number> {
  const action = await beginFlow(kind);
  const body = { login: { identifier: address }, registration: { traits: { email: address } } }[kind] ?? {
    email: address,
  };
  const begin = performance.now();
  // Where a code was sent to sign in or up with, the form comes back with a status of 400.
  await post(action, { method, ...body }).catch((error: unknown) => {
    if (kind !== "login" && kind !== "registration") throw error;
  });
  return performance.now() - begin;
}

const quantile = (times: readonly number[], share: number): string =>
  times.toSorted((a, b) => a - b)[Math.floor(times.length * share)]!.toFixed(2);
const figures = (times: readonly number[]): string => `${quantile(times, 0.5)} ms (p10 ${quantile(times, 0.1)})`;

/** How likely two such samples are where there is no difference (Mann-Whitney, two-sided, by the normal distribution). */
function likelihood(one: readonly number[], other: readonly number[]): number {
  const all = [...one.map((time) => ({ time, mine: true })), ...other.map((time) => ({ time, mine: false }))].toSorted(
    (a, b) => a.time - b.time,
  );
  const ranks = all.reduce((sum, { mine }, at) => sum + (mine ? at + 1 : 0), 0);
  const [m, n] = [one.length, other.length];
  const z = Math.abs(ranks - (m * (m + n + 1)) / 2) / Math.sqrt((m * n * (m + n + 1)) / 12);
  // Abramowitz and Stegun 7.1.26.
  const t = 1 / (1 + (0.3275911 * z) / Math.SQRT2);
  const polynomial = t * (0.254829592 + t * (-0.284496736 + t * (1.421413741 + t * (-1.453152027 + t * 1.061405429))));
  return polynomial * Math.exp((-z * z) / 2);
}

async function compare(kind: string, method: string, round: string, note: string): Promise<void> {
  const times: Record<"known" | "nobody", number[]> = { known: [], nobody: [] };
  const addresses = Array.from({ length: samples }, (_, at) => ({
    known: `known-${round}-${at}@example.org`,
    nobody: `noone-${round}-${at}@example.org`,
  }));
  for (const { known } of addresses)
    await post(`${admin}/admin/identities`, { schema_id: "p", traits: { email: known } });
  for (const pair of addresses) {
    const order = Math.random() < 0.5 ? (["known", "nobody"] as const) : (["nobody", "known"] as const);
    for (const who of order) times[who].push(await ask(kind, method, pair[who]));
  }
  // The first ones warm the server up.
  const [known, nobody] = [times.known.slice(samples / 10), times.nobody.slice(samples / 10)];
  const p = likelihood(known, nobody);
  console.log(
    `${`${kind} by ${method}${note}`.padEnd(34)} known ${figures(known)}  nobody ${figures(nobody)}  p ${p.toFixed(4)}`,
  );
}

for (const notified of [false, true])
  for (const use of ["code", "link"] as const) {
    const stop = await serve(configuration(use, notified));
    try {
      const note = notified ? ", both written to" : "";
      if (use === "code" && !notified)
        for (const kind of ["login", "registration"]) await compare(kind, "code", kind, "");
      for (const kind of ["verification", "recovery"]) await compare(kind, use, `${kind}-${use}-${notified}`, note);
    } finally {
      await stop();
    }
  }
