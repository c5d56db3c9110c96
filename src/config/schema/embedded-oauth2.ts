import { choiceOr, durationOr, flag, list, ruled, section, text } from "../setting.ts";
import { moment, webAddress } from "./formats.ts";

const shortestRotation = 3_600_000;

/** The provider of OAuth 2.0 and OpenID Connect that is part of this server. */
export const embeddedProvider = section(
  "The provider of OAuth 2.0 and OpenID Connect that comes along, in the mode `embedded`. Its issuer is `serve.public.base_url`. Ostiary's own.",
  {
    scopes: list(
      "What clients may ask for beside the scopes of OpenID Connect: names that your APIs know.",
      text("A scope's name.", { pattern: /^[\x21\x23-\x5b\x5d-\x7e]+$/, expected: "a scope's name (RFC 6749, 3.3)" }),
    ),
    consent_url: text(
      "The page that asks people what a client may know and do; not set: the one that comes along. It is called with `consent_challenge`.",
      webAddress,
    ),
    access_token: choiceOr(
      ["opaque", "jwt"],
      "opaque",
      "What access tokens for an API (`resource`, RFC 8707) are, unless a client says otherwise: names that the API asks for, or JWTs by RFC 9068.",
    ),
    require_pkce: flag(
      false,
      "Whether clients with a secret have to use PKCE as well (RFC 7636); those without always do.",
    ),
    dynamic_registration: flag(
      false,
      "Whether anybody may register a client (RFC 7591). Such a client never skips the consent.",
    ),
    ttl: section("How long things last.", {
      access_token: durationOr("1h", "Access tokens."),
      refresh_token: durationOr("720h", "Refresh tokens; each use gives a new one, which lasts as long again."),
      id_token: durationOr("1h", "ID tokens."),
      auth_code: durationOr("10m", "Authorization codes."),
      login_consent_request: durationOr("30m", "How long somebody may take to sign in and to consent."),
      grant: durationOr("8760h", "How long it is remembered what somebody has allowed a client."),
    }),
    own_keys: section(
      "The keys that sign tokens, of each tenant: made, sealed, published and replaced by the server.",
      {
        algorithm: choiceOr(["RS256", "ES256", "EdDSA"], "RS256", "What they sign with. All clients know RS256."),
        rotate_every: ruled(
          durationOr("720h", "How long a key signs before another one takes its place; at least 1h."),
          (ms) => (ms < shortestRotation ? "must be at least 1h" : undefined),
        ),
        made_after: text(
          "The moment (RFC 3339) from which on keys count. For a key that somebody has got hold of.",
          moment,
        ),
      },
    ),
  },
);
