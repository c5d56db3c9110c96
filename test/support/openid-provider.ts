import { once } from "node:events";
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { TestContext } from "node:test";
import Provider from "oidc-provider";
import type { ClientMetadata, JWK } from "oidc-provider";
import { keepIn } from "./openid/memory-adapter.ts";
import type { Memory } from "./openid/memory-adapter.ts";
import { pagesPath, showPage } from "./openid/pages.ts";
import type { Person } from "./openid/pages.ts";
import { Visitor } from "./openid/visitor.ts";
import type { Answers, Return } from "./openid/visitor.ts";

/** How a provider differs from the usual. */
export interface OpenidOptions {
  /** The sites that people may sign in at by it; one named `site` with the secret `site-secret` unless said otherwise. */
  readonly clients?: readonly ClientMetadata[];
  /** Whether it takes nobody without PKCE. */
  readonly pkceRequired?: boolean;
  /** How many seconds an access token lives. */
  readonly accessTokenSeconds?: number;
  /** Whether refresh tokens change with each use. */
  readonly rotateRefreshToken?: boolean;
}

/** Who signs in, and what they deny on the way. */
export interface SigningIn extends Person {
  readonly deny?: Answers["deny"];
}

/** A request that the provider has got. */
export interface Got {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
}

/** How a provider answers. */
export type Mood = "as usual" | "with 503";

/** A real OpenID provider, with pages of its own, on a free port of this machine. */
export interface OpenidProvider {
  readonly issuer: string;
  /** What it was asked so far, in order. */
  readonly got: Got[];
  /** Makes somebody known, or says something else of them from now on. */
  know(person: Person): void;
  /** Walks somebody through its pages, from where a server has sent them, in a fresh browser; answers the callback's address. */
  signIn(url: string, person: SigningIn): Promise<string>;
  /** The same for `response_mode=form_post`: answers the form that the page sends to the callback. */
  signInByForm(url: string, person: SigningIn): Promise<Required<Return>>;
  /** Signs with other keys from now on; the former ones are published as long as `keep` says so. */
  rotateKeys(options?: { keep?: boolean }): void;
  /** Is out of order from now on, or as usual again. */
  answer(how: Mood): void;
}

/** The client that our server is at the provider, unless a test says otherwise. */
export const site = { client_id: "site", client_secret: "site-secret" } as const;

/** Every standard claim, and some that are usual; a scope gives several. */
const claims = {
  openid: ["sub", "hd", "oid", "tid", "groups", "team", "acr", "amr"],
  email: ["email", "email_verified"],
  phone: ["phone_number", "phone_number_verified"],
  profile: [
    ...["name", "given_name", "family_name", "middle_name", "nickname", "preferred_username", "profile", "picture"],
    ...["website", "gender", "birthdate", "zoneinfo", "locale", "updated_at"],
  ],
};

/** Keys are fixed, since to make them takes longer than all the rest. */
const [firstKeys, secondKeys] = JSON.parse(readFileSync(new URL("openid/keys.json", import.meta.url), "utf8")) as [
  JWK[],
  JWK[],
];

/** Starts a provider that ends with the test. */
export async function startOpenidProvider(t: TestContext, options: OpenidOptions = {}): Promise<OpenidProvider> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  t.after(() => (server.closeAllConnections(), server.close()));
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const people = new Map<string, Person>();
  const memory: Memory = new Map();
  let [current, other] = [firstKeys, secondKeys];
  let keys = current;
  let running = createProvider(issuer, options, { people, memory, keys });
  const got: Got[] = [];
  let mood: Mood = "as usual";
  server.on("request", (req, res) => {
    const url = new URL(req.url!, issuer);
    got.push({ method: req.method!, path: url.pathname, query: url.searchParams });
    if (mood === "with 503") return void res.writeHead(503).end("out of order");
    if (url.pathname.startsWith(pagesPath))
      return void showPage(running, people, req, res).catch((error: unknown) => res.writeHead(500).end(String(error)));
    void running.callback()(req, res);
  });
  const walk = (url: string, { subject, claims: said, deny }: SigningIn) => {
    if (said) people.set(subject, { subject, claims: said });
    return new Visitor().walk(url, { subject, ...(deny && { deny }) });
  };
  return {
    issuer,
    got,
    know: (person) => void people.set(person.subject, person),
    signIn: async (url, person) => (await walk(url, person)).url,
    async signInByForm(url, person) {
      const { url: action, form } = await walk(url, person);
      if (!form) throw new Error(`the provider has sent the browser to ${action}, by no form`);
      return { url: action, form };
    },
    rotateKeys({ keep = false } = {}) {
      [current, other] = [other, current];
      keys = keep ? [...current, ...other] : current;
      running = createProvider(issuer, options, { people, memory, keys });
    },
    answer: (how) => void (mood = how),
  };
}

interface Kept {
  readonly people: ReadonlyMap<string, Person>;
  readonly memory: Memory;
  readonly keys: readonly JWK[];
}

function createProvider(issuer: string, options: OpenidOptions, { people, memory, keys }: Kept): Provider {
  const provider = new Provider(issuer, {
    adapter: keepIn(memory),
    jwks: { keys: [...keys] },
    cookies: { keys: ["a secret of tests"] },
    clients: (options.clients ?? [site]).map((client) => ({
      grant_types: ["authorization_code", "refresh_token"],
      redirect_uris: ["http://id.example.org/self-service/methods/oidc/callback"],
      ...client,
    })),
    claims,
    conformIdTokenClaims: false,
    interactions: { url: (_, { uid }) => pagesPath + uid },
    features: {
      devInteractions: { enabled: false },
      rpInitiatedLogout: { enabled: false },
      claimsParameter: { enabled: true },
    },
    acrValues: ["urn:example:one-factor", "urn:example:two-factors"],
    pkce: { required: () => options.pkceRequired ?? false },
    issueRefreshToken: async (_, client) => client.grantTypeAllowed("refresh_token"),
    rotateRefreshToken: options.rotateRefreshToken ?? true,
    ttl: {
      AccessToken: options.accessTokenSeconds ?? 3600,
      Grant: 86_400,
      IdToken: 3600,
      Interaction: 3600,
      RefreshToken: 86_400,
      Session: 86_400,
    },
    findAccount: (_, subject) => ({
      accountId: subject,
      claims: async () => ({ ...people.get(subject)?.claims, sub: subject }),
    }),
    renderError: (ctx, { error, error_description: why }) => {
      ctx.type = "text/plain";
      ctx.body = `${error}: ${why ?? ""}`;
    },
  });
  // A server's own address is known only once it runs, and which callbacks there are is what its tests are about.
  provider.Client.prototype.redirectUriAllowed = (uri) => new URL(uri).pathname.startsWith("/self-service/methods/");
  return provider;
}
