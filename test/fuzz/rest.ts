import http from "node:http";
import type { Route } from "../../src/rest/route.ts";
import { shapeOf } from "../../src/rest/shape.ts";
import type { Result } from "./figures.ts";
import { learn, oneOf } from "./known.ts";
import type { Known } from "./known.ts";
import type { Random } from "./random.ts";
import { treeOf } from "./tree.ts";
import { hostileJson, hostileText, usual } from "./words.ts";

/** A request over REST. */
export interface RestRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: Record<string, string>;
  readonly body?: string;
}

const types = [
  "application/json",
  "application/x-www-form-urlencoded",
  "multipart/form-data; boundary=b",
  "text/plain",
  "application/json; charset=utf-8",
];

/** Makes a request for a route. */
export function requestFor(random: Random, known: Known, route: Route): RestRequest {
  const flow =
    oneOf(
      random,
      known.flows.filter(({ kind }) => route.segments[1] === kind),
    ) ?? oneOf(random, known.flows);
  const own = (name: string) =>
    name === "flow" || (name === "id" && route.segments.includes("flows")) ? flow?.id : usual(random, known, name);
  const value = (name: string) => String((random.chance(0.85) ? own(name) : undefined) ?? hostileText(random));
  const path = route.segments
    .map((segment) => (segment.startsWith("{") ? safely(value(segment.slice(1, -1))) : segment))
    .join("/");
  const query = new URLSearchParams();
  for (const field of route.method.input.fields)
    if (
      field !== route.bodyField &&
      !route.segments.includes(`{${field.name}}`) &&
      random.chance(field.name === "flow" || field.name === "id" ? 0.95 : 0.25)
    )
      for (let times = random.chance(0.05) ? 2 : 1; times > 0; times--) query.append(field.name, value(field.name));
  if (random.chance(0.03)) query.append(hostileText(random), hostileText(random));
  const headers = headersFor(random, known, flow?.cookies);
  const target = `/${path}${query.size ? `?${query}` : ""}`;
  if (!route.bodyField) return { method: route.verb, path: target, headers };
  return { method: route.verb, path: target, ...bodyFor(random, known, route, flow?.csrfToken, headers) };
}

/** Half a character has no place in an address. */
const safely = (text: string) => encodeURIComponent(text.toWellFormed());

function headersFor(random: Random, known: Known, cookies: string | undefined): Record<string, string> {
  const headers: Record<string, string> = {
    "x-forwarded-for": `203.0.${random.below(256)}.${random.below(256)}`,
    accept: random.pick(["application/json", "application/json", "text/html", "*/*"]),
  };
  const token = random.chance(0.35) ? oneOf(random, known.tokens) : undefined;
  if (token) headers["x-session-token"] = token;
  else if (random.chance(0.4))
    headers["cookie"] = (random.chance(0.5) ? cookies : oneOf(random, known.cookies)) || "ory_kratos_session=x";
  if (random.chance(0.03))
    headers[
      random.pick([
        "origin",
        "accept-language",
        "user-agent",
        "authorization",
        "x-device-token",
        "sec-fetch-site",
        "if-none-match",
      ])
    ] = encodeURIComponent(hostileText(random).toWellFormed()).slice(0, 2000);
  return headers;
}

function bodyFor(
  random: Random,
  known: Known,
  route: Route,
  csrfToken: string | undefined,
  headers: Record<string, string>,
): Pick<RestRequest, "headers" | "body"> {
  const field = route.bodyField!;
  const grammar = { random, known, style: "rest" } as const;
  const one = () =>
    field.message && !field.message.typeName.startsWith("google.protobuf.")
      ? treeOf(grammar, field.message)
      : hostileJson(random);
  const json = random.chance(0.02)
    ? hostileJson(random)
    : field.fieldKind === "list"
      ? Array.from({ length: random.below(4) }, () => (shapeOf(field).name === "patch" ? patch(random, known) : one()))
      : one();
  if (csrfToken && random.chance(0.8) && json !== null && typeof json === "object" && "method" in json)
    Object.assign(json, { csrf_token: csrfToken });
  const type = random.chance(0.8) ? types[0]! : random.pick(types);
  headers["content-type"] = type;
  let body = type.startsWith("application/x-www")
    ? formOf(json).toString()
    : type.startsWith("multipart")
      ? multipart(json)
      : (JSON.stringify(json) ?? "null");
  if (random.chance(0.02)) body = body.slice(0, random.below(body.length + 1));
  if (random.chance(0.01)) body = body.replace("}", ',"method":"password"}');
  return { headers, body };
}

const patch = (random: Random, known: Known) => ({
  op: usual(random, known, "op"),
  path: random.chance(0.9) ? usual(random, known, "path") : hostileText(random),
  value: random.chance(0.5) ? usual(random, known, "traits") : hostileJson(random),
});

// Many members below a long name make a form of 90 MB. To write that takes seconds, in which nobody reads the answers under way.
const longestForm = 200_000;

/** JSON by the names of a form, as far as it is one that could be sent. */
function formOf(json: unknown): URLSearchParams {
  const form = new URLSearchParams();
  let letters = 0;
  for (const [name, value] of fieldsOf(json, "")) {
    letters += name.length + value.length;
    if (letters > longestForm) break;
    form.append(name, value);
  }
  return form;
}

function* fieldsOf(json: unknown, name: string): Iterable<[string, string]> {
  if (Array.isArray(json)) for (const one of json) yield* fieldsOf(one, name);
  else if (typeof json === "object" && json !== null)
    for (const [key, one] of Object.entries(json)) yield* fieldsOf(one, name ? `${name}.${key}` : key);
  else yield [name, String(json)];
}

const multipart = (json: unknown) =>
  `${[...formOf(json)].map(([name, value]) => `--b\r\nContent-Disposition: form-data; name="${name.replaceAll('"', "%22")}"\r\n\r\n${value}\r\n`).join("")}--b--\r\n`;

/** Sends a request, and learns from its answer. */
export function sendRest(
  base: string,
  agent: http.Agent,
  { method, path, headers, body }: RestRequest,
  known: Known,
): Promise<Result> {
  const start = performance.now();
  const told = `${method} ${path} ${JSON.stringify(headers)} ${body ?? ""}`;
  return new Promise((resolve) => {
    const fail = (error: Error) =>
      resolve({
        verdict: `none (${(error as NodeJS.ErrnoException).code})`,
        failed: true,
        ms: performance.now() - start,
        told,
        answer: error.message,
      });
    const request = http.request(
      base + path,
      {
        method,
        headers: { ...headers, ...(body !== undefined && { "content-length": String(Buffer.byteLength(body)) }) },
        agent,
        timeout: 60_000,
      },
      (response) => {
        const chunks: Buffer[] = [];
        response.on("data", (chunk: Buffer) => chunks.push(chunk));
        response.on("error", fail);
        response.on("end", () => {
          const text = Buffer.concat(chunks).toString();
          const cookies = [
            headers["cookie"],
            ...(response.headers["set-cookie"] ?? []).map((line) => line.split(";")[0]!),
          ]
            .filter(Boolean)
            .join("; ");
          if (/json/.test(response.headers["content-type"] ?? "")) learn(known, JSON.parse(text), cookies);
          const status = response.statusCode!;
          resolve({
            verdict: String(status),
            failed: status >= 500,
            ms: performance.now() - start,
            told,
            answer: text.slice(0, 400),
          });
        });
      },
    );
    request.on("error", fail).on("timeout", () => request.destroy(new Error("timeout")));
    request.end(body);
  });
}
