import { request } from "node:http";

/** What a request of a test may say. */
export interface RequestOptions {
  readonly json?: unknown;
  readonly form?: Readonly<Record<string, string>> | URLSearchParams;
  readonly raw?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly accept?: string;
}

/** An answer, its JSON parsed. */
export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly location: string | null;
  /** The body's JSON, or its text; loosely typed, since tests look at what they expect. */
  readonly body: Json;
}

/** JSON that a test looks into without asking first. */
export type Json = ReturnType<typeof JSON.parse>;

/** A client over one base URL: `native` keeps no cookies, `spa` and `html` keep them as browsers do. */
export class Client {
  readonly cookies = new Map<string, string>();
  readonly #base: string;
  readonly #kind: "native" | "spa" | "html";

  constructor(base: string, kind: "native" | "spa" | "html" = "native") {
    this.#base = base;
    this.#kind = kind;
  }

  get = (path: string, options: RequestOptions = {}) => this.send("GET", path, options);
  post = (path: string, json?: unknown, options: RequestOptions = {}) =>
    this.send("POST", path, json === undefined ? options : { json, ...options });
  delete = (path: string, options: RequestOptions = {}) => this.send("DELETE", path, options);

  /** Sends a request; a URL of the server's own is taken by its path. */
  async send(method: string, path: string, options: RequestOptions = {}): Promise<Answer> {
    const target = path.startsWith("http") ? new URL(path).pathname + new URL(path).search : path;
    const body = bodyOf(options);
    const headers: Record<string, string> = {
      accept: options.accept ?? (this.#kind === "html" ? "text/html" : "application/json"),
      // Without a length Node sends no body with DELETE.
      ...(body && { "content-type": body.type, "content-length": String(Buffer.byteLength(body.text)) }),
      ...(this.#kind !== "native" && this.cookies.size && { cookie: this.#cookieHeader() }),
      ...options.headers,
    };
    const answer = await exchange(new URL(target, this.#base), method, headers, body?.text);
    for (const line of answer.headers.getSetCookie()) this.#keep(line);
    return answer;
  }

  #cookieHeader = () => [...this.cookies].map(([name, value]) => `${name}=${value}`).join("; ");

  #keep(line: string): void {
    const [pair = "", ...attributes] = line.split(";");
    const name = pair.slice(0, pair.indexOf("="));
    const gone = attributes.some((attribute) => /^\s*max-age=0$/i.test(attribute));
    if (gone) this.cookies.delete(name);
    else this.cookies.set(name, pair.slice(pair.indexOf("=") + 1));
  }
}

function bodyOf({ json, form, raw }: RequestOptions): { text: string; type: string } | undefined {
  if (json !== undefined) return { text: JSON.stringify(json), type: "application/json" };
  if (form) return { text: new URLSearchParams(form).toString(), type: "application/x-www-form-urlencoded" };
  return raw === undefined ? undefined : { text: raw, type: "application/json" };
}

// fetch forbids setting headers such as Cookie and Origin, and follows redirects on its own terms.
function exchange(url: URL, method: string, headers: Record<string, string>, body?: string): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const req = request(url, { method, headers, agent: false }, (res) => {
      const chunks: Buffer[] = [];
      res.on("data", (chunk: Buffer) => chunks.push(chunk));
      res.on("end", () => {
        const received = new Headers();
        for (const [name, values] of Object.entries(res.headersDistinct))
          for (const value of values ?? []) received.append(name, value);
        const text = Buffer.concat(chunks).toString();
        const parsed = text && /json/.test(received.get("content-type") ?? "") ? JSON.parse(text) : text;
        resolve({ status: res.statusCode ?? 0, headers: received, location: received.get("location"), body: parsed });
      });
    });
    req.on("error", reject);
    req.end(body);
  });
}

/** The anti-CSRF token that a form shows. */
export const csrfTokenOf = (flow: Json): string =>
  flow.ui.nodes.find((node: Json) => node.attributes.name === "csrf_token").attributes.value;

/** The messages of a form: those of the whole, then those of its nodes, by id. */
export const messageIds = (flow: Json): number[] => [
  ...(flow.ui.messages ?? []).map(({ id }: Json) => id),
  ...flow.ui.nodes.flatMap((node: Json) => node.messages.map(({ id }: Json) => id)),
];
