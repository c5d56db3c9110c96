import assert from "node:assert/strict";
import { test } from "node:test";
import type { TestContext } from "node:test";
import type { Answer, Client } from "./client.ts";
import { mergeTrees } from "./config.ts";
import type { ConfigTree } from "./config.ts";
import { createMigrated, databases } from "./databases.ts";
import { site, startOpenidProvider } from "./openid-provider.ts";
import type { OpenidOptions, OpenidProvider, SigningIn } from "./openid-provider.ts";
import { submitIn } from "./person.ts";
import { startServer } from "./server.ts";
import type { TestServer, TestServerOptions } from "./server.ts";

/** A program as an address. */
export const program = (source: string) => `base64://${Buffer.from(source).toString("base64")}`;

/** Takes the address, which counts as verified where the provider says so, and the first name where there is one. */
export const usualMapper = `
local claims = std.extVar("claims");
local told(name) = std.objectHas(claims, name);
{
  identity: {
    traits: {
      [if told("email") then "email" else null]: claims.email,
      [if told("given_name") then "name" else null]: { first: claims.given_name },
    },
    verified_addresses: if told("email") && std.get(claims, "email_verified", false)
      then [{ via: "email", value: claims.email }] else [],
  },
}`;

/** How a server is told of a provider; its id is `acme` unless said otherwise. */
export const entryOf = ({ issuer }: OpenidProvider, changes: ConfigTree = {}): ConfigTree => ({
  id: "acme",
  provider: "generic",
  label: "Acme",
  issuer_url: issuer,
  mapper_url: program(usualMapper),
  scope: ["openid", "email", "profile"],
  ...site,
  ...changes,
});

/** A configuration with these providers, in which whoever signs up is signed in at once. */
export const socialConfig = (providers: readonly ConfigTree[], changes: ConfigTree = {}): ConfigTree =>
  mergeTrees(
    {
      selfservice: {
        methods: { oidc: { enabled: true, config: { providers } } },
        flows: {
          registration: { after: { oidc: { hooks: [{ hook: "session" }] } } },
          settings: { ui_url: "http://app.example.org/settings", required_aal: "aal1" },
        },
      },
      session: { whoami: { required_aal: "aal1" } },
    },
    changes,
  );

/** A server, and the provider that people sign in at. */
export interface Social {
  readonly server: TestServer;
  readonly openid: OpenidProvider;
}

/** What a test with a provider wants. */
export interface SocialOptions extends Omit<TestServerOptions, "config"> {
  readonly openid?: OpenidOptions;
  /** What differs in the entry of the provider. */
  readonly entry?: ConfigTree;
  /** Further providers. */
  readonly more?: readonly ConfigTree[];
  readonly config?: ConfigTree;
}

/** Starts a provider, and a server at which people sign in by it. */
export async function startSocial(t: TestContext, options: SocialOptions = {}): Promise<Social> {
  const { openid: wanted, entry, more = [], config, ...rest } = options;
  const openid = await startOpenidProvider(t, wanted);
  const server = await startServer(t, { ...rest, config: socialConfig([entryOf(openid, entry), ...more], config) });
  return { server, openid };
}

/** Runs a test once per engine, each time with a server and a provider of its own. */
export function withProvider(
  title: string,
  run: (social: Social, t: TestContext) => Promise<void>,
  options: SocialOptions = {},
): void {
  for (const dialect of databases)
    test(`${title} (${dialect})`, async (t) => {
      if (dialect === "sqlite") return run(await startSocial(t, options), t);
      const { dsn, drop } = await createMigrated(dialect);
      const social = await startSocial(t, { ...options, dsn });
      t.after(() => drop());
      await run(social, t);
    });
}

/** Presses a provider's button in a new flow of a single-page app; answers where its browser is sent. */
export async function leave(app: Client, kind = "login", body: object = {}, query = ""): Promise<string> {
  const away = await submitIn(app, kind, { [kind === "settings" ? "link" : "provider"]: "acme", ...body }, query);
  assert.equal(away.status, 422, JSON.stringify(away.body));
  return away.body.redirect_browser_to;
}

/** Signs somebody in by a provider, in the browser of a single-page app, from its button to what the callback answers. */
export async function signInBy(
  openid: OpenidProvider,
  app: Client,
  person: SigningIn,
  { kind = "login", body = {}, query = "" } = {},
): Promise<Answer> {
  return app.get(await openid.signIn(await leave(app, kind, body, query), person));
}
