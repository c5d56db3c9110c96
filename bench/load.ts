import http from "node:http";

/** One request, as a load repeats it. */
export interface Shot {
  readonly method?: string;
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** What a load came to. */
export interface Figures {
  readonly perSecond: number;
  /** In milliseconds. */
  readonly p50: number;
  readonly p99: number;
}

/** Sends requests for a while over kept connections, as many at a time as said, and counts. */
export async function load(next: () => Promise<unknown>, seconds: number, concurrency: number): Promise<Figures> {
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
  const elapsed = (performance.now() - start) / 1000;
  latencies.sort((a, b) => a - b);
  const at = (share: number) => latencies[Math.floor(latencies.length * share)] ?? Number.NaN;
  return { perSecond: latencies.length / elapsed, p50: at(0.5), p99: at(0.99) };
}

const agent = new http.Agent({ keepAlive: true, maxSockets: 64 });

/** Sends one request and reads the answer; what is not a success is an error. */
export function shoot({ method = "GET", url, headers = {}, body }: Shot): Promise<string> {
  return new Promise((done, fail) => {
    const length = body === undefined ? {} : { "content-length": String(Buffer.byteLength(body)) };
    const req = http.request(url, { method, agent, headers: { accept: "application/json", ...headers, ...length } }, (res) => {
      const chunks: Buffer[] = [];
      res.on("data", (chunk: Buffer) => chunks.push(chunk));
      res.on("end", () => {
        const text = Buffer.concat(chunks).toString();
        if (res.statusCode! < 300) done(text);
        else fail(new Error(`${method} ${url}: ${res.statusCode} ${text.slice(0, 300)}`));
      });
    });
    req.on("error", fail);
    req.end(body);
  });
}
