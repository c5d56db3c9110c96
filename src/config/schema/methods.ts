import {
  choice,
  choiceOr,
  deprecated,
  duration,
  durationOr,
  flag,
  hinted,
  later,
  list,
  open,
  optionalSection,
  required,
  ruled,
  section,
  text,
  textOr,
  unlessFit,
  whole,
} from "../setting.ts";
import { absoluteUrl, document, hostAndPort, keyDomain, keyOrigin, pageUrl, webAddress } from "./formats.ts";
import { oidc } from "./oidc.ts";
import { httpHeaders, outgoingAuth } from "./outgoing.ts";

const enabled = (fallback: boolean) => flag(fallback, "Whether this method is offered.");

const rate = { at_once: (most: number) => whole(most, "Wrong ones at once.", { min: 1 }), per_hour: (most: number) => whole(most, "And then so many an hour.", { min: 1, max: 3_600_000 }) };

const throttle = section(
  "How often passwords may be guessed, at sign-in and when people confirm who they are. Whoever guesses more often is told to wait, and no password is looked at. Ostiary's own.",
  {
    enabled: flag(true, "Whether guesses are limited."),
    per_account: section("For one identifier, whether it is anybody's or not. A device on which the owner signed in before has as much of its own.", {
      at_once: rate.at_once(10),
      per_hour: rate.per_hour(20),
      in_a_row: whole(100, "So many in a row end it until a password is set or the account is recovered; 0 for any number.", { min: 0, max: 1_000_000 }),
    }),
    per_client: section("For one client, by its IPv4 address or IPv6 network (/64), at all accounts together.", {
      at_once: rate.at_once(100),
      per_hour: rate.per_hour(200),
    }),
  },
);

const password = section("A password.", {
  enabled: enabled(true),
  config: section("What a password must be.", {
    haveibeenpwned_host: textOr("api.pwnedpasswords.com", "Server that knows breached passwords.", hostAndPort),
    haveibeenpwned_enabled: flag(true, "Refuses passwords that have been breached."),
    max_breaches: whole(0, "How often a password may have been breached.", { min: 0, max: 100 }),
    ignore_network_errors: flag(true, "Accepts a password if that server cannot be asked."),
    min_password_length: whole(8, "Characters that a password has at least.", { min: 6 }),
    identifier_similarity_check_enabled: flag(true, "Refuses passwords that resemble the identifier."),
    throttle,
    migrate_hook: section("Asks another server about passwords that were not imported.", {
      enabled: later(flag(false, "Whether that server is asked.")),
      config: section("How that server is asked.", {
        url: text("Where the request goes.", webAddress),
        method: choiceOr(["POST"], "POST", "The HTTP method."),
        headers: httpHeaders,
        emit_analytics_event: flag(true, "Whether the call is counted."),
        auth: outgoingAuth,
        body: text("The Jsonnet that makes the body.", document),
      }),
    }),
  }),
});

const code = open(section("A one-time code sent to an address.", {
  enabled: enabled(true),
  passwordless_enabled: flag(false, "Whether a code alone signs in and up."),
  mfa_enabled: flag(false, "Whether a code is a second factor; not where it signs in alone."),
  mfa_channels: list("How codes that are a second factor may travel; NIST SP 800-63B admits no e-mail.", choice(["email", "sms"], "A channel."), {
    min: 1,
    fallback: ["email", "sms"],
  }),
  config: open(section("How codes are used.", {
    lifespan: durationOr("10m", "How long a code can be used."),
    max_submissions: whole(5, "How often a code may be tried.", { min: 1, max: 255 }),
    max_submissions_per_address: whole(0, "How often codes to one address may be wrong in a day, in all flows; 0 for any number that `throttle` allows.", { min: 0 }),
    throttle: section("How often codes to one address may be wrong, in all flows. Where that is used up, the address is sent codes of twelve digits. Ostiary's own.", {
      at_once: rate.at_once(5),
      per_hour: rate.per_hour(10),
      in_a_row: whole(100, "So many in a row end it until a code of twelve digits or a link proves the address; 0 for any number.", { min: 0, max: 1_000_000 }),
    }),
    missing_credential_fallback_enabled: flag(false, "Sends codes to people who never registered with one, too."),
  })),
}));

const link = section("A link sent to an address.", {
  enabled: enabled(false),
  config: open(
    section("How links are used.", {
      base_url: deprecated(text("Where links lead, if not to the public base URL.", pageUrl)),
      lifespan: durationOr("1h", "How long a link can be used."),
    }),
  ),
});

const needsParty = (method: { readonly enabled: boolean; readonly config: { readonly rp?: unknown } }): string | undefined =>
  method.enabled && !method.config.rp ? "needs config.rp, for it is enabled" : undefined;

const noDomain = unlessFit(keyDomain, "no browser will make a key for it");
const noOrigin = unlessFit(keyOrigin, "no browser will ask for a key from there");

const origins = list("Origins that may ask for a key; without one, the domain itself.", hinted(text("An origin."), noOrigin));

interface Party {
  readonly id: string;
  readonly origin?: string | undefined;
  readonly origins: readonly string[];
}

/** Browsers let a page ask for keys of its own host, or of a domain above it (WebAuthn L3, 5.1.2). */
function foreignOrigin({ id, origin, origins: more }: Party): string | undefined {
  const hosts = (origin ? [origin, ...more] : more).filter((one) => URL.canParse(one) && /^https?:/i.test(one)).map((one) => new URL(one).hostname);
  if (!keyDomain.pattern!.test(id)) return undefined;
  const foreign = hosts.find((host) => host !== id && !host.endsWith(`.${id}`));
  return foreign && `takes keys of ${id}, for which browsers do not let pages of ${foreign} ask`;
}

const webauthn = ruled(
  section("A security key.", {
    enabled: enabled(false),
    config: section("How security keys are used.", {
      passwordless: flag(false, "Whether a key alone signs in, or is a second factor."),
      rp: ruled(
        hinted(
          open(
            optionalSection("Who asks for the key.", {
              id: required(hinted(text("The domain that keys are bound to."), noDomain)),
              display_name: required(text("The name that people see.")),
              origin: deprecated(hinted(text("The one origin that may ask; `origins` replaces it."), noOrigin)),
              origins,
              icon: deprecated(text("An icon; browsers show none.", absoluteUrl)),
            }),
          ),
          foreignOrigin,
        ),
        (rp) => (rp.origin && rp.origins.length ? "takes either origin or origins" : undefined),
      ),
    }),
  }),
  needsParty,
);

const preference = ["required", "preferred", "discouraged"] as const;

const passkey = ruled(
  section("A passkey.", {
    enabled: enabled(false),
    config: section("How passkeys are used.", {
      rp: hinted(
        open(
          optionalSection("Who asks for the passkey.", {
            id: required(hinted(text("The domain that passkeys are bound to."), noDomain)),
            display_name: required(text("The name that people see.")),
            origins,
          }),
        ),
        foreignOrigin,
      ),
      authenticator_selection: section("Which authenticators are welcome.", {
        attachment: choice(["platform", "cross-platform"], "Built in, or apart."),
        resident_key: choiceOr(preference, "required", "Whether the authenticator remembers the account."),
        user_verification: choiceOr(preference, "preferred", "Whether the authenticator checks its owner."),
      }),
      attestation: section("Proof of the authenticator's make.", {
        preference: choiceOr(["none", "indirect", "direct", "enterprise"], "none", "What proof is asked for."),
      }),
      timeouts: section("How long the browser waits.", {
        registration: duration("How long a registration may take."),
        login: duration("How long a login may take."),
      }),
    }),
  }),
  needsParty,
);

const organization = open(
  section("An organization.", {
    id: text("Its id."),
    label: text("Its name."),
    domains: list("Its e-mail domains.", text("A domain.")),
    session_lifespan: duration("How long sessions of its members last."),
  }),
);

/** One section per authentication method. */
export const methods = section("How people authenticate.", {
  password,
  profile: section("Changing one's own traits.", { enabled: enabled(true) }),
  code,
  link,
  totp: section("Codes from an authenticator app.", {
    enabled: enabled(false),
    config: section("How authenticator apps are used.", {
      issuer: hinted(text("The name that the app shows, of 64 characters at most."), (name) => ([...name].length > 64 ? "is longer than 64 characters, of which apps are told the first" : undefined)),
    }),
  }),
  lookup_secret: section("Backup codes.", { enabled: enabled(false) }),
  webauthn,
  passkey,
  oidc,
  b2b: later(
    section("Organizations that bring their own provider.", {
      config: section("Which ones there are.", { organizations: list("The organizations.", organization) }),
    }),
  ),
});
