import { Readable } from "node:stream";
import type { Question, Reply } from "#pages";
import { activeSpan } from "../../tracing/active-span.ts";
import { replyHeaders } from "../../rest/reply-headers.ts";
import type { HttpRequest, HttpResponse } from "../../server/http.ts";

/** What answers calls over REST. */
export type Rest = (req: HttpRequest, res: HttpResponse) => Promise<void>;

/** Headers that speak of the visitor's own request alone: of its body, and of what is in its cache. */
const ofItself = new Set([
  "accept",
  "accept-encoding",
  "content-encoding",
  "content-length",
  "expect",
  "if-modified-since",
  "if-none-match",
  "transfer-encoding",
]);

/** Asks the REST API within the process, on behalf of whoever has sent a request: with its headers, from its address. */
export async function ask(rest: Rest, visitor: HttpRequest, question: Question): Promise<Reply> {
  const asked = Object.assign(Readable.from(question.body ? [Buffer.from(question.body)] : []), {
    method: question.method ?? "GET",
    url: `/${question.path}`,
    headers: headersOf(visitor, question),
    socket: visitor.socket,
    parentSpan: activeSpan(),
    complete: true,
  });
  const answer = new Captured();
  await rest(asked as unknown as HttpRequest, answer as unknown as HttpResponse);
  return answer.reply();
}

function headersOf(visitor: HttpRequest, { body, headers = {} }: Question) {
  const own = Object.entries(visitor.headers).filter(
    ([name]) => !ofItself.has(name) && (body || name !== "content-type"),
  );
  return { ...Object.fromEntries(own), ...headers, ...(body && { "content-length": String(body.length) }) };
}

/** A response that is kept in place of being sent: what the gateway says of it, it says at once. */
class Captured {
  headersSent = false;
  #status = 200;
  #headers = replyHeaders();
  #text = "";

  once(): this {
    return this;
  }

  destroy(): this {
    return this;
  }

  writeHead(status: number, headers: Readonly<Record<string, string | string[]>>): this {
    this.headersSent = true;
    this.#status = status;
    for (const [name, value] of Object.entries(headers))
      for (const one of [value].flat()) this.#headers.append(name, one);
    return this;
  }

  end(body: string | Uint8Array = ""): this {
    this.#text = typeof body === "string" ? body : Buffer.from(body).toString("utf8");
    return this;
  }

  get statusCode(): number {
    return this.#status;
  }

  reply(): Reply {
    const headers = this.#headers;
    const cookies = [...headers].filter(([name]) => name === "set-cookie").map(([, value]) => value);
    return { status: this.#status, text: this.#text, cookies, header: (name) => headers.get(name) ?? undefined };
  }
}
