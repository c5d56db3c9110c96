import { flag, list, required, ruled, section, text } from "../setting.ts";

const scope = text("A scope, such as `identities.read`; `identities.*`, `*.read` and `*` stand for several.", {
  pattern: /^(?:\*|[a-z_]+\.(?:[a-z]+|\*)|\*\.[a-z]+)$/,
  expected: "a scope such as identities.read, identities.*, *.read or *",
});

const certificate = ruled(
  section("A certificate.", {
    name: required(text("A name for it, which events tell as the actor.", { minLength: 1, maxLength: 255 })),
    fingerprint: text("Its SHA-256 in hex, with or without colons.", {
      pattern: /^(?:[0-9a-fA-F]{2}:?){32}$/,
      expected: "a SHA-256 in hex",
    }),
    subject: text("Its whole subject, in any order, such as `CN=ci,O=Example`.", { minLength: 1 }),
    scopes: list("What it may do.", scope, { min: 1, fallback: ["*"] }),
    tenant: text("The id of the one tenant that it is good for; it is good for all where this is not set.", {
      pattern: /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/,
      expected: "the id of a tenant",
    }),
  }),
  ({ fingerprint, subject }) =>
    (fingerprint === undefined) === (subject === undefined) ? "needs either fingerprint or subject" : undefined,
);

/** Who may call the admin port. */
export const authentication = section(
  "Who may call the admin API. As in Kratos, whoever reaches the port may do everything, unless `required` is set. Ostiary's own.",
  {
    required: flag(
      false,
      "Whether every call needs a credential: an API key (`Authorization: Bearer ost_...`), a session of the console, or a client certificate. Made on the command line: `ostiary api-keys create`.",
    ),
    probes: flag(false, "Whether `/health/...` and `/version` need one as well, with the scope `server.read`."),
    metrics: flag(true, "Whether `/metrics/prometheus` needs one as well, with the scope `server.read`."),
    certificates: list(
      "Certificates of clients that are credentials; one of `tls.client_ca` has to have signed them.",
      certificate,
    ),
  },
);
