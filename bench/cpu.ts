// Prints what a call costs a server on one core, in microseconds, beside the goal: by the kernel's clock of its threads, as the least of
// several runs, so that it tells something on a machine that others use as well. `npm run bench -- cpu`.
import { readdirSync, readFileSync } from "node:fs";
import net from "node:net";

/** One kind of call: what is written to a connection, and what it should cost. */
export interface Call {
  readonly name: string;
  readonly port: number;
  /** The request, whole. */
  readonly request: () => string;
  readonly status: number;
  readonly goalUs: number;
  readonly count: number;
}

const connections = 16;
const runs = 7;

/** Measures calls one kind after the other, once the code that serves them has been compiled. */
export async function measureCpu(pid: number, calls: readonly Call[]): Promise<void> {
  for (const call of calls) {
    await repeat(call);
    let least = Number.POSITIVE_INFINITY;
    for (let run = 0; run < runs; run++) {
      const before = cpuUs(pid);
      await repeat(call);
      least = Math.min(least, (cpuUs(pid) - before) / call.count);
    }
    const verdict = least <= call.goalUs ? "reached" : `missed by ${Math.round((least / call.goalUs - 1) * 100)} %`;
    console.log(`${call.name.padEnd(30)} CPU ${least.toFixed(0).padStart(6)} us, goal ${call.goalUs}: ${verdict}`);
  }
}

/** How long all threads of a process have run, in microseconds. */
export function cpuUs(pid: number): number {
  let ns = 0;
  for (const thread of readdirSync(`/proc/${pid}/task`))
    ns += Number(readFileSync(`/proc/${pid}/task/${thread}/schedstat`, "utf8").split(" ")[0]);
  return ns / 1000;
}

/** Makes as many calls of a kind as it says, over several connections. */
export async function repeat({ port, request, status, count }: Omit<Call, "name" | "goalUs">): Promise<void> {
  let left = count;
  await Promise.all(
    Array.from({ length: connections }, async () => {
      const socket = net.connect(port, "127.0.0.1").setNoDelay(true);
      try {
        while (left-- > 0) {
          const answer = await ask(socket, request());
          if (!answer.startsWith(`HTTP/1.1 ${status} `)) throw new Error(answer.slice(0, 500));
        }
      } finally {
        socket.destroy();
      }
    }),
  );
}

/** Sends a request, and reads the answer, which says how long it is. */
function ask(socket: net.Socket, request: string): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = "";
    const take = (piece: Buffer) => {
      text += piece.toString("latin1");
      const head = text.indexOf("\r\n\r\n");
      const length = Number(/content-length: (\d+)/i.exec(text)?.[1] ?? 0);
      if (head < 0 || text.length < head + 4 + length) return;
      socket.off("data", take).off("error", reject);
      resolve(text);
    };
    socket.on("data", take).once("error", reject);
    socket.write(request);
  });
}

/** The text of a request over HTTP/1.1. */
export function requestText(method: string, path: string, headers: Record<string, string> = {}, body?: string): string {
  const said = { host: "127.0.0.1", accept: "application/json", ...headers };
  const typed = body && { "content-type": "application/json", "content-length": String(Buffer.byteLength(body)) };
  const lines = Object.entries({ ...said, ...typed }).map(([name, value]) => `${name}: ${value}\r\n`);
  return `${method} ${path} HTTP/1.1\r\n${lines.join("")}\r\n${body ?? ""}`;
}
