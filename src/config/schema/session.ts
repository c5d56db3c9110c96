import {
  choice,
  choiceOr,
  duration,
  durationOr,
  flag,
  hinted,
  open,
  ruled,
  section,
  size,
  table,
  text,
  textOr,
  unlessFit,
  whole,
  wholeIfSet,
} from "../setting.ts";
import { cookieDomain, cookiePath, document, moment, trueOrFalse } from "./formats.ts";

const sameSites = ["Strict", "Lax", "None"] as const;
const secure = text("Whether cookies travel over TLS only; not set: yes, except in development mode.", trueOrFalse);

const noDomain = unlessFit(cookieDomain, "cookies are set for this host alone");
const noPath = unlessFit(cookiePath, "cookies are set for all paths");

/** Attributes of all cookies. */
export const cookies = section("Attributes of all cookies.", {
  domain: hinted(text("Their domain; not set: exactly this host."), noDomain),
  path: hinted(textOr("/", "Their path."), noPath),
  secure,
  same_site: choiceOr(sameSites, "Lax", "Whether they are sent along from other sites."),
});

const template = open(
  section("A kind of token.", {
    ttl: hinted(durationOr("1m", "How long a token is valid, unless its session ends before."), (ms) =>
      ms < 1000 ? "should be at least 1s: tokens end as they are made" : undefined,
    ),
    claims_mapper_url: text("The program that makes the claims; not set: those that all tokens have.", document),
    claims_mapper_language: choiceOr(["jsonnet", "cel"], "jsonnet", "What the program is written in. Ostiary's own."),
    jwks_url: hinted(
      text(
        "The key set (RFC 7517) whose first private key signs; not set: a key of the server's own, which it makes, seals, publishes and replaces by itself.",
        document,
      ),
      (url) => (/^http:/i.test(url) ? "should begin with https: private keys travel in the clear" : undefined),
    ),
    allow_symmetric_keys: flag(
      false,
      "Whether a key of `jwks_url` may be a shared secret (HS256, HS384, HS512): whoever can check a token can then make one. Ostiary's own.",
    ),
    subject_source: choiceOr(["id", "external_id"], "id", "What the subject is."),
  }),
);

const shortestRotation = 3_600_000;

const ownKeys = section("The server's own keys, of each tenant, for templates without `jwks_url`. Ostiary's own.", {
  algorithm: choiceOr(["ES256", "EdDSA", "RS256"], "ES256", "What they sign with."),
  rotate_every: ruled(
    durationOr("720h", "How long a key signs before another one takes its place; at least 1h."),
    (ms) => (ms < shortestRotation ? "must be at least 1h" : undefined),
  ),
  made_after: text(
    "The moment (RFC 3339) from which on keys count: those from before are neither used nor published any more, and another one is made at once. For a key that somebody has got hold of.",
    moment,
  ),
});

const longestImpersonation = 24 * 3_600_000;

const impersonation = ruled(
  section("Support that signs in as somebody (`docs/impersonation.md`). Ostiary's own.", {
    enabled: flag(false, "Whether administrators with the scope `identities.impersonate` may."),
    default_lifespan: durationOr("15m", "How long such a session lasts where nothing is asked for."),
    max_lifespan: ruled(durationOr("1h", "How long it lasts at most; no more than 24h."), (ms) =>
      ms < 1000 || ms > longestImpersonation ? "must be from 1s to 24h" : undefined,
    ),
  }),
  ({ default_lifespan: usual, max_lifespan: most }) =>
    usual < 1000 || usual > most ? "default_lifespan must be from 1s to max_lifespan" : undefined,
);

/** Sessions. */
export const session = section("Sessions.", {
  lifespan: durationOr("24h", "How long a session lasts."),
  earliest_possible_extend: duration("How long before its end a session can be extended; not set: at any time."),
  rotate_native_tokens: flag(
    false,
    "Whether native clients get a new token when they confirm who they are or add a second factor, as browsers always do: apps that were not made for it go on with the old one, and are signed out. Ostiary's own.",
  ),
  max_per_identity: wholeIfSet(
    "How many sessions an account has at once: a sign-in beyond it ends those that were used least recently; not set: any number. Ostiary's own.",
    { min: 1, max: 1000 },
  ),
  auto_extend: section("Sessions that last longer by being used. Ostiary's own.", {
    enabled: flag(false, "Whether a session that is used lasts its whole lifespan from then on."),
    window: duration("How long before its end a use extends it; not set: at any time."),
    min_interval: duration(
      "A session is written at most once in this time; less than the lifespan. Not set: a tenth of the lifespan.",
    ),
    max_lifetime: duration(
      "How long after it began, or was last confirmed, a session ends however much it is used; not set: never.",
    ),
  }),
  impersonation,
  last_seen: section("When sessions were last used. Ostiary's own.", {
    enabled: flag(false, "Whether it is noted, to the minute."),
    write_every: durationOr("1m", "How often it is written what was noted, of many sessions together."),
  }),
  cookie: section("The session cookie; what is not set here is as in `cookies`.", {
    domain: hinted(text("Its domain."), noDomain),
    name: textOr("ory_kratos_session", "Its name.", { pattern: /^[\w!#$%&'*+.^`|~-]+$/, expected: "a cookie's name" }),
    persistent: flag(true, "Whether it outlives the browser."),
    path: hinted(text("Its path."), noPath),
    secure,
    same_site: choice(sameSites, "Whether it is sent along from other sites."),
  }),
  cache: ruled(
    section("Sessions kept in memory, so that whoami asks the database less often. Ostiary's own.", {
      mode: choiceOr(
        ["off", "strict", "ttl"],
        "off",
        "`strict`: what has ended or changed is known by every server before the change is answered (`docs/session-cache.md`). `ttl`: whoami may be out of date for as long as `ttl` says.",
      ),
      ttl: durationOr("5s", "For how long whoami may be out of date at most, in the mode `ttl`."),
      max_entries: whole(10_000, "How many sessions are kept at most, by each process.", { min: 2, max: 1_000_000 }),
      max_size: size("32MB", "How much memory they take at most, by estimate."),
    }),
    ({ mode, ttl }) => (mode === "ttl" && ttl <= 0 ? "the mode ttl takes a ttl of more than 0" : undefined),
  ),
  whoami: section("The question who someone is.", {
    required_aal: choiceOr(["aal1", "highest_available"], "highest_available", "What a session must have proven."),
    tokenizer: open(
      section("Sessions as JSON Web Tokens.", {
        templates: table("The kinds of tokens, by name.", template),
        own_keys: ownKeys,
      }),
    ),
  }),
});
