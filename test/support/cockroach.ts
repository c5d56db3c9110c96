import { connect, createServer } from "node:net";
import type { AddressInfo, Socket } from "node:net";
import { refusalOf } from "./cockroach-dialect.ts";

/** A stand-in for CockroachDB: a PostgreSQL that takes what CockroachDB takes, and gives transactions up as it does. */
export interface CockroachDouble {
  readonly port: number;
  /** What was refused, and why. */
  readonly refused: readonly string[];
  /** How many transactions were given up. */
  aborted(): number;
  close(): void;
}

export interface DoubleOptions {
  /** Where PostgreSQL is. */
  readonly target: { readonly host: string; readonly port: number };
  /** How many of a hundred transactions are given up (40001), at one of their first statements or at their end. */
  readonly abortPercent: number;
  readonly seed?: number;
}

/** At which statements of a transaction it may be given up; one that ends before is given up as it does. */
const firstStatements = 6;
const version = "CockroachDB CCL v25.4.2 (x86_64-pc-linux-gnu, built 2025/12/01 00:00:00, go1.23.7)";

/** Opens the stand-in. Connections that are not the server's (by their application name) pass as they are: tests make their databases by those. */
export async function openCockroachDouble({ target, abortPercent, seed = 1 }: DoubleOptions): Promise<CockroachDouble> {
  const refused: string[] = [];
  const random = randomBy(seed);
  let aborted = 0;
  const open = new Set<Socket>();
  const server = createServer((client) => {
    const backend = connect(target.port, target.host);
    /** How many statements are left until the transaction is given up. */
    let left = Number.POSITIVE_INFINITY;
    let skipping = false;
    let isServer = false;

    function givesUp(sql = ""): boolean {
      if (/^begin/i.test(sql)) left = random() * 100 < abortPercent ? Math.ceil(random() * firstStatements) : Infinity;
      else if (/^rollback/i.test(sql)) left = Number.POSITIVE_INFINITY;
      else if (left-- === 1 || (/^commit/i.test(sql) && left < firstStatements)) {
        left = Number.POSITIVE_INFINITY;
        aborted++;
        return true;
      }
      return false;
    }

    /** What the backend is sent in place of a message. */
    function translate(type: string, body: Buffer): Buffer | undefined {
      if (!isServer) return message(type, body);
      if (type === "Q" || type === "P") {
        const [before, sql, after] = type === "Q" ? ["", textAt(body, 0), Buffer.alloc(0)] : parsed(body);
        const refusal = refusalOf(sql);
        if (refusal) refused.push(`${refusal}: ${sql}`);
        const taken = refusal ? failing("0A000", refusal) : sql.replaceAll(/\bversion\(\)/gi, `'${version}'::text`);
        if (type === "Q") return message("Q", cString(givesUp(sql) ? restart : taken));
        return message("P", Buffer.concat([cString(before), cString(taken), after]));
      }
      if (type === "S") skipping = false;
      else if (skipping) return undefined;
      else if (type === "B" && givesUp()) {
        skipping = true;
        const unnamed = Buffer.concat([cString(""), cString(restart), Buffer.alloc(2)]);
        const bound = Buffer.concat([cString(""), cString(""), Buffer.alloc(6)]);
        const executed = Buffer.concat([cString(""), Buffer.alloc(4)]);
        return Buffer.concat([message("P", unnamed), message("B", bound), message("E", executed)]);
      }
      return message(type, body);
    }

    const read = framed({
      startup(body) {
        isServer = body.includes("application_name\0ostiary\0");
        backend.write(body);
      },
      message(type, body) {
        const sent = translate(type, body);
        if (sent) backend.write(sent);
      },
    });
    client.on("data", read);
    backend.on("data", (chunk) => client.write(chunk));
    for (const [from, to] of [
      [client, backend],
      [backend, client],
    ] as const) {
      open.add(from);
      from.setNoDelay(true);
      from.on("error", () => to.destroy());
      from.on("close", () => void (open.delete(from), to.destroy()));
      from.on("end", () => to.end());
    }
  });
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  return {
    port: (server.address() as AddressInfo).port,
    refused,
    aborted: () => aborted,
    close() {
      for (const socket of open) socket.destroy();
      server.close();
    },
  };
}

const failing = (code: string, reason: string): string =>
  `do $$ begin raise exception '${reason.replaceAll("'", "''")}' using errcode = '${code}'; end $$`;
const restart = failing("40001", "restart transaction: TransactionRetryWithProtoRefreshError");

interface Handlers {
  startup?(body: Buffer): void;
  message(type: string, body: Buffer): void;
}

/** Takes a stream of PostgreSQL's protocol apart (its documentation, 55.7): a client's first message has no type. */
function framed({ startup, message: hear }: Handlers): (chunk: Buffer) => void {
  let rest = Buffer.alloc(0);
  let began = !startup;
  return (chunk) => {
    rest = Buffer.concat([rest, chunk]);
    for (;;) {
      const at = began ? 1 : 0;
      if (rest.length < at + 4) return;
      const end = at + rest.readUInt32BE(at);
      if (rest.length < end) return;
      const whole = rest.subarray(0, end);
      rest = rest.subarray(end);
      if (began) hear(String.fromCharCode(whole[0]!), whole.subarray(5));
      else startup!(whole);
      began = true;
    }
  };
}

function message(type: string, body: Buffer): Buffer {
  const head = Buffer.alloc(5);
  head.write(type, "latin1");
  head.writeUInt32BE(body.length + 4, 1);
  return Buffer.concat([head, body]);
}

const cString = (text: string): Buffer => Buffer.from(`${text}\0`);
const textAt = (body: Buffer, at: number): string => body.toString("utf8", at, body.indexOf(0, at));

/** The name, the text and the types of the parameters of a Parse. */
function parsed(body: Buffer): [string, string, Buffer] {
  const name = textAt(body, 0);
  const at = Buffer.byteLength(name) + 1;
  const sql = textAt(body, at);
  return [name, sql, body.subarray(at + Buffer.byteLength(sql) + 1)];
}

/** Numbers from 0 to 1 that are the same for the same seed (mulberry32). */
function randomBy(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
