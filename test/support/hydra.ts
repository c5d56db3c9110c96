import { once } from "node:events";
import { createServer } from "node:http";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import type { TestContext } from "node:test";
import type { Json } from "./client.ts";
import { mergeTrees } from "./config.ts";
import type { ConfigTree } from "./config.ts";

/** How the stand-in answers, in the place of what it would. */
export type Mood = "as usual" | "404" | "410" | "410 without address" | "500" | "hangs" | "broken" | "huge" | "a list";

/** A call that it has got. */
interface Called {
  readonly method: string;
  readonly path: string;
  readonly challenge: string;
  readonly headers: IncomingMessage["headers"];
  readonly body: Json;
}

/** A stand-in for Ory Hydra: the part of its admin API that is about sign-ins, answering as its documents say. */
export interface Hydra {
  readonly url: string;
  /** What it answers next: to questions, and where it is told who has signed in. */
  mood: { get: Mood; accept: Mood };
  readonly calls: readonly Called[];
  /** How many connections were opened. */
  connections(): number;
  /** What it was told of who has signed in. */
  accepted(): readonly Json[];
  /** Begins a sign-in: as if a client had sent somebody's browser. */
  wants(request?: Json): string;
  /** Ends all connections that wait for the next call. */
  hangUp(): void;
}

const loginRequests = "/admin/oauth2/auth/requests/login";

/** Where the client's authorization request is answered. */
export const authorization = "https://hydra.example.org/oauth2/auth?client_id=shop";
/** Where an accepted sign-in goes on. */
export const onwards = (challenge: string) => `${authorization}&login_verifier=${challenge}`;

/** A client as Hydra tells of it, with a secret that it would not tell. */
const client = {
  client_id: "shop",
  client_name: "The shop",
  client_uri: "https://shop.example.org",
  logo_uri: "https://shop.example.org/logo.png",
  metadata: { colour: "green" },
  client_secret: "not-for-anybody",
  registration_access_token: "not-for-anybody-either",
  redirect_uris: ["https://shop.example.org/callback"],
  contacts: null,
  jwks: {},
  created_at: "2026-01-01T00:00:00Z",
  skip_consent: true,
  a_member_of_tomorrow: { any: 1 },
};

const notFound = {
  error: "Not Found",
  error_description: "Unable to locate the requested resource",
  error_hint: "The challenge is not known.",
  status_code: 404,
};

/** Starts one that ends with the test. */
export async function startHydra(t: TestContext): Promise<Hydra> {
  const requests = new Map<string, Json>();
  const calls: Called[] = [];
  const sockets = new Set<Socket>();
  let opened = 0;
  const hydra: Hydra = {
    url: "",
    mood: { get: "as usual", accept: "as usual" },
    calls,
    connections: () => opened,
    accepted: () => calls.filter(({ method }) => method === "PUT").map(({ body }) => body),
    wants(request = {}) {
      const challenge = `challenge-${requests.size + 1}`;
      requests.set(challenge, {
        ...{ challenge, client, oidc_context: { login_hint: "ada@example.org", acr_values: ["aal2"] } },
        ...{ request_url: authorization, requested_access_token_audience: [], requested_scope: ["openid", "email"] },
        ...{ session_id: "hydra-session", skip: false, subject: "", ...request },
      });
      return challenge;
    },
    hangUp: () => void [...sockets].forEach((socket) => socket.destroy()),
  };
  const server = createServer(async (req, res) => {
    let body = "";
    for await (const chunk of req) body += String(chunk);
    const url = new URL(req.url!, "http://hydra");
    const challenge = url.searchParams.get("login_challenge") ?? "";
    const method = req.method!;
    calls.push({ method, path: url.pathname, challenge, headers: req.headers, body: body && JSON.parse(body) });
    const route = `${method} ${url.pathname}`;
    if (route === `GET ${loginRequests}`) return answerBy(hydra.mood.get, res, challenge, requests.get(challenge));
    if (route === `PUT ${loginRequests}/accept`)
      return answerBy(
        hydra.mood.accept,
        res,
        challenge,
        requests.has(challenge) && { redirect_to: onwards(challenge) },
      );
    return send(res, 404, notFound);
  });
  server.on("connection", (socket) => {
    opened++;
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  t.after(() => (server.closeAllConnections(), server.close()));
  return Object.assign(hydra, { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` });
}

const send = (res: ServerResponse, status: number, body: Json): void =>
  void res.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));

function answerBy(mood: Mood, res: ServerResponse, challenge: string, usual: Json): void {
  switch (mood) {
    case "as usual":
      return usual ? send(res, 200, usual) : send(res, 404, notFound);
    case "404":
      return send(res, 404, notFound);
    case "410":
      return send(res, 410, { redirect_to: `${authorization}&used=${challenge}` });
    case "410 without address":
      return send(res, 410, { redirect_to: "javascript:alert(1)" });
    case "500":
      return send(res, 500, { error: "error", error_description: "Something broke.", status_code: 500 });
    case "hangs":
      return undefined;
    case "broken":
      return void res.writeHead(200, { "content-type": "application/json" }).end('{"challenge":');
    case "huge":
      return send(res, 200, { ...usual, padding: "x".repeat(1_000_000) });
    case "a list":
      return send(res, 200, [usual]);
  }
}

/** What a server has to be told to sign people in for it. */
export const hydraConfig = ({ url }: Hydra, changes: ConfigTree = {}): ConfigTree =>
  mergeTrees({ oauth2_provider: { url, headers: { "X-Admin-Key": "key-of-hydra" } } }, changes);
