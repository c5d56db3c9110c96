import { oneOf } from "./known.ts";
import type { Known } from "./known.ts";
import type { Random } from "./random.ts";

const uuid = "11111111-1111-4111-8111-111111111111";

/** Texts that have been somebody's trouble. */
const texts: readonly string[] = [
  ...[
    "",
    " ",
    "0",
    "-1",
    "1e999",
    "NaN",
    "true",
    "null",
    "[]",
    "{}",
    "[object Object]",
    uuid,
    uuid.toUpperCase(),
    "not-a-uuid",
  ],
  ...[
    "__proto__",
    "constructor",
    "toString",
    "hasOwnProperty",
    "../../etc/passwd",
    "%00",
    "%",
    "%zz",
    "\0",
    "\ud800",
    "\u202e\ufeff",
    "\r\nX-Evil: 1",
  ],
  ...[
    "'; drop table identities; --",
    "\\",
    '"',
    "<script>",
    "{{.}}",
    "${7*7}",
    "a@b",
    "@",
    "a@b@c.de",
    "Ä@ö.ü",
    "+49 171 1234567",
    "+1",
    "００１",
    "\ufdfa".repeat(50),
  ],
  ...[
    "//evil.example",
    "http://[",
    "javascript:1",
    "http://app.example.org/x",
    "http://app.example.org:99999/",
    "\\\\evil.example",
    "/",
    "?",
    "#",
  ],
  ...[
    "x".repeat(300),
    "ü".repeat(5000),
    "a.".repeat(2000),
    "9".repeat(400),
    "0000-00-00T00:00:00Z",
    "9999-12-31T23:59:60Z",
    "2024-02-30T00:00:00Z",
  ],
];
const numbers: readonly number[] = [0, -0, 1, -1, 0.1, 2 ** 31, -(2 ** 31), 2 ** 53, 1e21, 1e308, 5e-324, 250, 1001];

/** JSON of any kind. */
export function hostileJson(random: Random, depth = 0): unknown {
  const roll = random.below(depth > 3 ? 5 : 10);
  if (roll < 3) return random.pick(texts);
  if (roll === 3) return random.pick(numbers);
  if (roll === 4) return random.pick([true, false, null]);
  if (roll === 5) return Array.from({ length: random.below(4) }, () => hostileJson(random, depth + 1));
  if (roll === 6 && random.chance(0.05)) return JSON.parse(`${"[".repeat(200)}${"]".repeat(200)}`) as unknown;
  if (roll === 7 && random.chance(0.02))
    return Object.fromEntries(Array.from({ length: 1500 }, (_, at) => [`k${at}`, at]));
  return JSON.parse(
    `{${Array.from({ length: random.below(4) }, () => `${JSON.stringify(random.pick(texts))}:${JSON.stringify(hostileJson(random, depth + 1) ?? null)}`).join(",")}}`,
  ) as unknown;
}

/** A text of any kind. */
export const hostileText = (random: Random): string => random.pick(texts);

const credentials = [
  "password",
  "totp",
  "lookup_secret",
  "code",
  "webauthn",
  "passkey",
  "oidc",
  "saml",
  "deviceauthn",
  "link_recovery",
  "code_recovery",
];
const fixed: Readonly<Record<string, readonly unknown[]>> = {
  schema_id: ["person"],
  identity_schema: ["person", "other"],
  login_challenge: ["challenge-1", "challenge-2"],
  type: credentials,
  include_credential: credentials,
  expand: ["identity", "devices", "identity"],
  aal: ["aal1", "aal2", "AAL2", "aal3"],
  via: ["email", "sms", "traits.email", "phone"],
  return_to: ["http://app.example.org/x", "http://evil.example/"],
  op: ["add", "replace", "remove", "test", "move", "copy"],
  path: [
    "/traits/email",
    "/metadata_public/a/b",
    "/state",
    "/traits/name",
    "/id",
    "/credentials/password/config",
    "/credentials/totp",
    "/verifiable_addresses/0/verified",
    "/metadata_admin/-",
    "/traits/tags/0",
  ],
  from: ["/traits", "/"],
  consistency: ["strong", "eventual", ""],
  state: ["active", "inactive"],
  status: ["queued", "sent", "processing", "abandoned"],
  page_size: [0, 1, 2, 500, -1],
  per_page: [0, 1, 2, 500, -1],
  page: [0, 1, 2, -1],
  expires_in: ["1h", "10s", "-1h", "1", "9999999h"],
  flow_type: ["api", "browser"],
  active: [true, false],
  refresh: [true, false],
  totp_code: ["123456", "000000"],
  code: ["123456", "000000", "12345678"],
  lookup_secret: ["abcdefgh"],
  algorithm: ["hotp"],
  hashed_password: [
    "$2a$10$abcdefghijklmnopqrstuv",
    "$argon2id$v=19$m=16,t=1,p=1$c2FsdA$aGFzaA",
    "{SSHA}x",
    "$pbkdf2-sha256$i=1,l=1$a$b",
    "$5$rounds=1$a$b",
  ],
};

/** Values that fit a field, by its name. */
export function usual(random: Random, known: Known, field: string): unknown {
  const person = oneOf(random, known.people);
  switch (field) {
    case "id":
    case "sid":
      return oneOf(
        random,
        random.pick([known.identities, known.sessions, known.messages, known.errors, known.flows.map(({ id }) => id)]),
      );
    case "flow":
      return oneOf(random, known.flows)?.id;
    case "session_id":
    case "session":
      return oneOf(random, known.sessions);
    case "identity_id":
    case "identity":
    case "ids":
    case "identities":
      return oneOf(random, known.identities);
    case "session_token":
    case "x_session_token":
      return oneOf(random, known.tokens);
    case "csrf_token":
      return oneOf(random, known.flows)?.csrfToken;
    case "identifier":
    case "email":
    case "recovery_address":
    case "credentials_identifier":
    case "address":
      return random.chance(0.7) ? person?.email : `new${random.below(1e6)}@example.org`;
    case "password":
      return person?.password;
    case "traits":
      return traits(random, random.chance(0.3) && person ? person.email : `new${random.below(1e6)}@example.org`);
    default:
      return fixed[field] && random.pick(fixed[field]);
  }
}

function traits(random: Random, email: string): Record<string, unknown> {
  const some: Record<string, unknown> = { email };
  if (random.chance(0.3)) some["name"] = random.pick([{ first: "Ada" }, { first: "A" }, {}, "Ada"]);
  if (random.chance(0.2)) some["age"] = random.pick([13, 12, 1e300, "13", 13.5]);
  if (random.chance(0.2)) some["tags"] = random.pick([["a"], ["a", "b", "c"], "a", [1], [{}]]);
  if (random.chance(0.1)) some[hostileText(random)] = hostileJson(random);
  return some;
}
