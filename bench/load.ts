import http from "node:http";
import type { Timing } from "./figures.ts";

/** One request. */
export interface Shot {
  readonly method?: string;
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** Repeats an operation of several requests for a while, as many at a time as said. */
export async function load(next: () => Promise<unknown>, seconds: number, concurrency: number): Promise<Timing> {
  const latencies: number[] = [];
  const start = performance.now();
  const end = start + seconds * 1000;
  const runner = async () => {
    while (performance.now() < end) {
      const before = performance.now();
      await next();
      latencies.push(performance.now() - before);
    }
  };
  await Promise.all(Array.from({ length: concurrency }, runner));
  return { latencies, elapsedMs: performance.now() - start };
}

const agent = new http.Agent({ keepAlive: true, maxSockets: 64 });

/** Sends one request and reads the answer; what is not a success is an error. */
export function shoot({ method = "GET", url, headers = {}, body }: Shot): Promise<string> {
  return new Promise((done, fail) => {
    const length = body === undefined ? {} : { "content-length": String(Buffer.byteLength(body)) };
    const req = http.request(
      url,
      { method, agent, headers: { accept: "application/json", ...headers, ...length } },
      (res) => {
        const chunks: Buffer[] = [];
        res.on("data", (chunk: Buffer) => chunks.push(chunk));
        res.on("end", () => {
          const text = Buffer.concat(chunks).toString();
          if (res.statusCode! < 300) done(text);
          else fail(new Error(`${method} ${url}: ${res.statusCode} ${text.slice(0, 300)}`));
        });
      },
    );
    req.on("error", fail);
    req.end(body);
  });
}

/** Sends JSON. */
export const post = (url: string, body: object): Promise<string> =>
  shoot({ method: "POST", url, headers: { "content-type": "application/json" }, body: JSON.stringify(body) });
