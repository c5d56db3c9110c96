import { barrage } from "../h2load.ts";
import type { Barrage } from "../h2load.ts";
import { percentile } from "../figures.ts";
import type { Timing } from "../figures.ts";
import { load } from "../load.ts";
import { createPerson, signIn } from "./subject.ts";
import type { Processes, Subject } from "./subject.ts";

/** What a load came to. */
export interface Cost {
  /** Of all threads of all processes, for one operation. */
  readonly cpuUs: number;
  readonly perSecond: number;
  readonly p99: number;
}

/** What a call is measured against in the same run. */
export type Rival = "http" | "refusal" | "grpc" | "hash";

/** One kind of work. */
export interface Row {
  readonly name: string;
  readonly rival: Rival;
  /** What the rival's cost should be of the call's, at least; or what the call should cost where the hash alone costs 7.95 ms. */
  readonly goal?: number;
  readonly goalUs?: number;
  /** Whether it is measured with sessions kept in memory. */
  readonly cached?: boolean;
  work(subject: Subject, seconds: number): Promise<Timing>;
}

const json = { accept: "application/json" };

/** The path of whoami over gRPC. */
export const toSession = "/ostiary.public.v1.SessionService/ToSession";

/** A call of gRPC without anything to say. */
export const emptyCall = (token: string): Pick<Barrage, "headers" | "http2" | "body"> => ({
  headers: { "content-type": "application/grpc", te: "trailers", "x-session-token": token },
  http2: true,
  body: Buffer.alloc(5),
});

const get = (at: (subject: Subject) => string, headers: (subject: Subject) => Record<string, string> = () => json) => ({
  work: (subject: Subject, seconds: number) => barrage({ url: at(subject), headers: headers(subject), seconds }),
});
const whoami = get(
  ({ open }) => `${open}/sessions/whoami`,
  ({ token }) => ({ ...json, "x-session-token": token }),
);
const whoamiByGrpc = {
  work: ({ open, token }: Subject, seconds: number) => barrage({ url: open + toSession, ...emptyCall(token), seconds }),
};

let made = 0;

/** All kinds of work, in the order of the table. */
export const rows: readonly Row[] = [
  { name: "whoami", rival: "http", goal: 0.2, ...whoami },
  { name: "whoami, from memory", rival: "http", goal: 0.5, cached: true, ...whoami },
  {
    name: "whoami without a session",
    rival: "refusal",
    goalUs: 34,
    work: ({ open }, seconds) => barrage({ url: `${open}/sessions/whoami`, headers: json, seconds, refused: true }),
  },
  { name: "whoami over gRPC", rival: "grpc", goal: 1, ...whoamiByGrpc },
  { name: "the same, from memory", rival: "grpc", goal: 1, cached: true, ...whoamiByGrpc },
  flow("create login flow, native", "login/api", 270),
  flow("create login flow, one page", "login/browser", 255),
  flow("create registration flow", "registration/api", 230),
  { name: "admin get", rival: "http", goalUs: 85, ...get(({ admin, id }) => `${admin}/admin/identities/${id}`) },
  {
    name: "admin list of 250",
    rival: "http",
    goalUs: 780,
    ...get(({ admin }) => `${admin}/admin/identities?page_size=250`),
  },
  {
    name: "admin create",
    rival: "http",
    goalUs: 710,
    work: ({ admin }, seconds) => load(() => createPerson(admin, `made${made++}@example.org`), seconds, 16),
  },
  { name: "login", rival: "hash", goal: 0.85, work: ({ open }, seconds) => load(() => signIn(open), seconds, 8) },
];

function flow(name: string, path: string, goalUs: number): Row {
  return { name, rival: "http", goalUs, ...get(({ open }) => `${open}/self-service/${path}`) };
}

/** Measures work on processes. */
export async function costOf({ cpuUs }: Processes, work: () => Promise<Timing>): Promise<Cost> {
  const before = cpuUs();
  const { latencies, elapsedMs } = await work();
  return {
    cpuUs: (cpuUs() - before) / latencies.length,
    perSecond: latencies.length / (elapsedMs / 1000),
    p99: percentile(latencies, 0.99),
  };
}
