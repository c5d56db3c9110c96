import { isIP } from "node:net";
import {
  durationOr,
  flag,
  hinted,
  list,
  optionalSection,
  ruled,
  section,
  text,
  textOr,
  unlessFit,
  whole,
  wholeOrWord,
  choice,
} from "../setting.ts";
import type { Setting } from "../setting.ts";
import { authentication } from "./authentication.ts";
import { corsOrigin, headerName, webAddress } from "./formats.ts";

const source = ruled(
  optionalSection("A PEM document.", {
    path: text("The file it is in."),
    base64: text("The document itself, in base64."),
  }),
  ({ path, base64 }) => ((path === undefined) === (base64 === undefined) ? "needs either path or base64" : undefined),
);

const tlsAbout = "TLS, which is off where this is not set. Changed files and keys take effect at once.";

const bothHalves = ({ key, cert }: { readonly key?: unknown; readonly cert?: unknown }) =>
  !key !== !cert ? "needs both key and cert" : undefined;

const listener = (name: string, port: number) => ({
  request_log: section("Which requests are logged.", {
    disable_for_health: flag(false, "Leaves out requests to the health endpoints."),
  }),
  base_url: hinted(text(`How clients reach the ${name} API.`, webAddress), (url) =>
    /[?#]/.test(url) ? "has a query or a fragment, which is left out" : undefined,
  ),
  host: textOr("0.0.0.0", "The address to listen on, or `unix:` and the path of a socket."),
  port: whole(port, "The port to listen on.", { min: 1, max: 65535 }),
  socket: section("The socket's file.", {
    owner: textOr("", "Its owner."),
    group: textOr("", "Its group."),
    mode: whole(493, "Its mode, in decimal.", { min: 0, max: 511 }),
  }),
  tls: ruled(optionalSection(tlsAbout, { key: source, cert: source }), bothHalves),
});

const methods = ["POST", "GET", "PUT", "PATCH", "DELETE", "CONNECT", "HEAD", "OPTIONS", "TRACE"];

const origin = hinted(
  text("An origin, `*`, or an origin with `*` for a subdomain.", { minLength: 1 }),
  unlessFit(corsOrigin, "no page will be let in by it"),
);

const cors = section("Calls from browsers on other origins.", {
  enabled: flag(false, "Whether they are answered."),
  allowed_origins: list("Who may call.", origin, { unique: true, fallback: ["*"] }),
  allowed_methods: list("The methods they may use.", choice(methods, "A method."), {
    fallback: ["POST", "GET", "PUT", "PATCH", "DELETE"],
  }),
  allowed_headers: list(
    "The headers they may send. Those of Connect and gRPC-web need not be listed.",
    text("A header's name.", headerName),
    {
      fallback: ["Authorization", "Content-Type", "Max-Age", "X-Session-Token", "X-XSRF-TOKEN", "X-CSRF-TOKEN"],
    },
  ),
  exposed_headers: list("The headers they may read.", text("A header's name.", headerName), {
    fallback: ["Content-Type"],
  }),
  allow_credentials: flag(true, "Whether cookies come along."),
  options_passthrough: flag(false, "Whether pre-flight requests are passed on."),
  max_age: whole(0, "Seconds for which a browser remembers the answer to a pre-flight request.", { min: 0 }),
  debug: flag(false, "Logs every decision."),
});

const network = ruled(
  text("An IP address, a network such as 10.0.0.0/8, or `unix` for whoever comes by a socket of this machine."),
  (value) => {
    if (value === "unix") return undefined;
    const [address = "", bits, ...more] = value.split("/");
    const longest = { 0: -1, 4: 32, 6: 128 }[isIP(address)]!;
    const fits = bits === undefined ? longest > 0 : /^\d{1,3}$/.test(bits) && Number(bits) <= longest;
    return fits && more.length === 0 ? undefined : "needs to be an IP address, a network or unix";
  },
);

/** Tells an empty list from one that is not written. */
const unlessWritten = <T>({ fallback: _, ...setting }: Setting<T>): Setting<T | undefined> => setting;

const trustedProxies = section(
  "Proxies in front of the server, whose word on the address of a client is taken, by which limits go, and on the one that the client has called (`Host`, `X-Forwarded-Host`, `X-Forwarded-Proto`). Ostiary's own.",
  {
    networks: unlessWritten(
      list(
        "Their addresses or networks, or `unix` for sockets of this machine; an empty list trusts nobody. Where it is not written, nobody is believed about clients, and proxies of inner networks are about the address that was called.",
        network,
      ),
    ),
    header: textOr(
      "X-Forwarded-For",
      "The header that they write the address into, over or behind what clients send; `Forwarded` is read as RFC 7239 says.",
      {
        pattern: /^[\w-]+$/,
        expected: "a header's name",
      },
    ),
  },
);

const maxBodyBytes = whole(
  65_536,
  "The most bytes that the body of a submission may have, or a message over gRPC and Connect; what is larger is answered by 413. Ostiary's own.",
  { min: 4096, max: 1_048_576 },
);

/** The two doors of the server. */
export const serve = section("Where the server listens. Changes take effect after a restart.", {
  workers: wholeOrWord(
    "auto",
    "How many processes serve, which share ports and work: a number, or `auto` for one per core, 8 at most, and one on a database in memory or on Windows. Not set: 1 with `--dev`, else `auto`. Ostiary's own.",
    { min: 1, max: 64 },
  ),
  worker_timeout: durationOr(
    "30s",
    "How long a worker may leave the process that started it without an answer, before it is killed and replaced; `0s` for as long as it likes. Ostiary's own.",
  ),
  trusted_proxies: trustedProxies,
  shutdown: section("How the server goes when it is asked to (SIGTERM, SIGINT). Ostiary's own.", {
    lame_duck: durationOr(
      "1s",
      "For how long it still takes requests, on new connections too, while `/health/ready` says 503 already and each answer is the last of its connection: as long as load balancers need to notice. With `--dev` 250ms at most.",
    ),
    timeout: durationOr("10s", "How long requests that run may take after that, before they are cut."),
  }),
  public: section("The API for everyone.", { ...listener("public", 4433), cors, max_body_bytes: maxBodyBytes }),
  admin: section("The API for operators; keep it private.", {
    ...listener("admin", 4434),
    tls: ruled(
      optionalSection(tlsAbout, {
        key: source,
        cert: source,
        client_ca: {
          ...source,
          about:
            "The authorities that sign the certificates of clients, in PEM. Clients are asked for one, and need not have any: see `authentication.certificates`. Ostiary's own.",
        },
      }),
      (tls) => bothHalves(tls) ?? (tls.client_ca && !tls.key ? "needs key and cert beside client_ca" : undefined),
    ),
    authentication,
  }),
});
