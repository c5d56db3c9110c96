import { createHmac, generateKeyPairSync } from "node:crypto";
import { idTokenOf, providerKeys } from "./id-token.ts";
import type { StandInAnswer } from "./stand-ins.ts";

/** What is known of the request that an answer is to. */
export interface Asked {
  /** The nonce of the authorization request. */
  readonly nonce: string;
}

/** How to sign in at a kind of provider, and what becomes of what it says. */
export interface KindRow {
  readonly kind: string;
  /** What stands in the configuration besides the client. */
  readonly config?: Readonly<Record<string, unknown>>;
  /** Where the browser goes, and with what besides the usual. */
  readonly authorize: string;
  readonly with?: Readonly<Record<string, string>>;
  /** Whether PKCE is used, and a nonce. */
  readonly pkce?: boolean;
  readonly nonce?: boolean;
  /** Where tokens are asked for, and how the client proves there who it is. */
  readonly token: string;
  readonly secretIn?: "header" | "body" | "json" | "assertion";
  readonly tokenWith?: Readonly<Record<string, string>>;
  /** What the provider answers, by address. */
  readonly answers: (asked: Asked) => Readonly<Record<string, StandInAnswer>>;
  /** Where it is asked who somebody is. */
  readonly person?: string;
  /** What comes along with the code. */
  readonly returns?: Readonly<Record<string, string>>;
  /** What mappers see, without what a token says of itself. */
  readonly claims: Readonly<Record<string, unknown>>;
}

/** The client that our server is at all of them. */
export const client = { client_id: "site", client_secret: "site-secret" };

const bearer = { access_token: "at-1", token_type: "Bearer", expires_in: 3600 };
const keys = { keys: providerKeys.map(({ kty, n, e, crv, x, y, kid, alg }) => ({ kty, n, e, crv, x, y, kid, alg })) };

/** What a provider says of itself where nothing is peculiar. */
const discovered = (issuer: string, changes: object = {}) => ({
  issuer,
  authorization_endpoint: `${issuer}/authorize`,
  token_endpoint: `${issuer}/token`,
  userinfo_endpoint: `${issuer}/userinfo`,
  jwks_uri: `${issuer}/keys`,
  code_challenge_methods_supported: ["S256"],
  ...changes,
});

const tokensFor =
  (issuer: string, subject: string, claims: object, changes: { key?: (typeof providerKeys)[number] } = {}) =>
  ({ nonce }: Asked): StandInAnswer =>
  async () => ({
    ...bearer,
    id_token: await idTokenOf(issuer, subject, { ...changes, claims: { ...(nonce && { nonce }), ...claims } }),
  });

const ada = { name: "Ada Lovelace", email: "ada@example.org", email_verified: true };
const applesKey = generateKeyPairSync("ec", { namedCurve: "P-256" });
const tenant = "9188040d-6c67-4c5b-b112-36a304b66dad";
const proof = createHmac("sha256", client.client_secret).update("at-1").digest("hex");
const graph = `https://graph.facebook.com/me?fields=id,name,first_name,last_name,middle_name,email,picture,birthday,gender&appsecret_proof=${proof}`;

/** The key by which Apple's secrets can be judged. */
export const applesPublicKey = applesKey.publicKey;

const openidRows: readonly KindRow[] = [
  {
    kind: "generic",
    config: { issuer_url: "https://id.example.net", scope: ["email"], requested_claims: { id_token: { email: null } } },
    authorize: "https://id.example.net/authorize",
    with: { scope: "email openid", claims: '{"id_token":{"email":null}}' },
    pkce: true,
    nonce: true,
    token: "POST id.example.net/token",
    secretIn: "header",
    answers: (asked) => ({
      "GET id.example.net/.well-known/openid-configuration": discovered("https://id.example.net"),
      "GET id.example.net/keys": keys,
      "POST id.example.net/token": tokensFor("https://id.example.net", "g1", ada)(asked),
    }),
    claims: { iss: "https://id.example.net", sub: "g1", ...ada },
  },
  {
    kind: "google",
    config: { scope: ["email", "offline_access"] },
    authorize: "https://accounts.google.com/o/oauth2/v2/auth",
    with: { scope: "email openid", access_type: "offline" },
    pkce: true,
    nonce: true,
    token: "POST oauth2.googleapis.com/token",
    secretIn: "header",
    answers: (asked) => ({
      "GET accounts.google.com/.well-known/openid-configuration": discovered("https://accounts.google.com", {
        authorization_endpoint: "https://accounts.google.com/o/oauth2/v2/auth",
        token_endpoint: "https://oauth2.googleapis.com/token",
        jwks_uri: "https://www.googleapis.com/oauth2/v3/certs",
      }),
      "GET www.googleapis.com/oauth2/v3/certs": keys,
      "POST oauth2.googleapis.com/token": tokensFor("https://accounts.google.com", "g2", { ...ada, hd: "example.org" })(
        asked,
      ),
    }),
    claims: { iss: "https://accounts.google.com", sub: "g2", ...ada, hd: "example.org" },
  },
  {
    kind: "apple",
    config: {
      client_secret: undefined,
      apple_team_id: "TEAM",
      apple_private_key_id: "KEY",
      apple_private_key: applesKey.privateKey.export({ type: "pkcs8", format: "pem" }),
      scope: ["email", "name"],
    },
    authorize: "https://appleid.apple.com/auth/authorize",
    with: { scope: "email name openid", response_mode: "form_post" },
    nonce: true,
    token: "POST appleid.apple.com/auth/token",
    secretIn: "assertion",
    answers: (asked) => ({
      "GET appleid.apple.com/auth/keys": keys,
      "POST appleid.apple.com/auth/token": tokensFor("https://appleid.apple.com", "000.a", {
        email: "ada@example.org",
        email_verified: "true",
        nonce_supported: true,
      })(asked),
    }),
    returns: { user: JSON.stringify({ name: { firstName: "Ada", lastName: "Lovelace" } }) },
    claims: {
      iss: "https://appleid.apple.com",
      sub: "000.a",
      email: "ada@example.org",
      email_verified: true,
      nonce_supported: true,
      given_name: "Ada",
      family_name: "Lovelace",
      last_name: "Lovelace",
    },
  },
  {
    kind: "microsoft",
    config: { microsoft_tenant: "common", subject_source: "me", scope: ["profile"] },
    authorize: "https://login.microsoftonline.com/common/oauth2/v2.0/authorize",
    with: { scope: "profile openid" },
    pkce: true,
    nonce: true,
    token: "POST login.microsoftonline.com/common/oauth2/v2.0/token",
    answers: (asked) => ({
      [`GET login.microsoftonline.com/${tenant}/discovery/v2.0/keys`]: keys,
      "POST login.microsoftonline.com/common/oauth2/v2.0/token": tokensFor(
        `https://login.microsoftonline.com/${tenant}/v2.0`,
        "pairwise",
        { name: "Ada Lovelace", email: "ada@example.org", tid: tenant, oid: "object" },
      )(asked),
      "GET graph.microsoft.com/v1.0/me": { id: "graph-id" },
    }),
    person: "GET graph.microsoft.com/v1.0/me",
    claims: {
      iss: `https://login.microsoftonline.com/${tenant}/v2.0`,
      sub: "graph-id",
      oid: "object",
      name: "Ada Lovelace",
      email: "ada@example.org",
    },
  },
  {
    kind: "line",
    config: { scope: ["profile"] },
    authorize: "https://access.line.me/oauth2/v2.1/authorize",
    with: { scope: "profile openid" },
    pkce: true,
    nonce: true,
    token: "POST api.line.me/oauth2/v2.1/token",
    tokenWith: { id_token_key_type: "JWK" },
    answers: (asked) => ({
      "GET access.line.me/.well-known/openid-configuration": discovered("https://access.line.me", {
        authorization_endpoint: "https://access.line.me/oauth2/v2.1/authorize",
        token_endpoint: "https://api.line.me/oauth2/v2.1/token",
        jwks_uri: "https://api.line.me/oauth2/v2.1/certs",
      }),
      "GET api.line.me/oauth2/v2.1/certs": keys,
      "POST api.line.me/oauth2/v2.1/token": tokensFor(
        "https://access.line.me",
        "U1",
        { name: "Ada", picture: "https://profile.line-scdn.net/ada" },
        { key: providerKeys[1] },
      )(asked),
    }),
    claims: {
      iss: "https://access.line.me",
      sub: "U1",
      name: "Ada",
      picture: "https://profile.line-scdn.net/ada",
    },
  },
  {
    kind: "linkedin_v2",
    config: { scope: ["email"] },
    authorize: "https://www.linkedin.com/oauth/v2/authorization",
    with: { scope: "email openid" },
    token: "POST www.linkedin.com/oauth/v2/accessToken",
    answers: (asked) => ({
      "GET www.linkedin.com/oauth/.well-known/openid-configuration": discovered("https://www.linkedin.com/oauth", {
        authorization_endpoint: "https://www.linkedin.com/oauth/v2/authorization",
        token_endpoint: "https://www.linkedin.com/oauth/v2/accessToken",
        userinfo_endpoint: "https://api.linkedin.com/v2/userinfo",
        jwks_uri: "https://www.linkedin.com/oauth/openid/jwks",
        code_challenge_methods_supported: undefined,
      }),
      "GET www.linkedin.com/oauth/openid/jwks": keys,
      "POST www.linkedin.com/oauth/v2/accessToken": tokensFor("https://www.linkedin.com/oauth", "li2", {})(asked),
      "GET api.linkedin.com/v2/userinfo": { sub: "li2", ...ada, locale: { language: "en", country: "US" } },
    }),
    person: "GET api.linkedin.com/v2/userinfo",
    claims: { iss: "https://www.linkedin.com/oauth", sub: "li2", ...ada, locale: "en-US" },
  },
  {
    kind: "jackson",
    config: {
      issuer_url: "https://saml.example.net",
      auth_url: "https://saml.example.net/api/oauth/authorize",
      token_url: "https://inner.example.net/api/oauth/token",
    },
    authorize: "https://saml.example.net/api/oauth/authorize",
    with: { scope: "openid" },
    pkce: true,
    nonce: true,
    token: "POST inner.example.net/api/oauth/token",
    answers: (asked) => ({
      "GET inner.example.net/oauth/jwks": keys,
      "POST inner.example.net/api/oauth/token": tokensFor("https://saml.example.net", "saml1", ada)(asked),
    }),
    claims: { iss: "https://saml.example.net", sub: "saml1", ...ada },
  },
  {
    kind: "netid",
    config: { scope: ["email"] },
    authorize: "https://broker.netid.de/authorize",
    with: { scope: "email openid" },
    nonce: true,
    token: "POST broker.netid.de/token",
    secretIn: "header",
    answers: (asked) => ({
      "GET broker.netid.de/.well-known/openid-configuration": discovered("https://broker.netid.de/", {
        jwks_uri: "https://broker.netid.de/.well-known/jwks.json",
        code_challenge_methods_supported: undefined,
      }),
      "GET broker.netid.de/.well-known/jwks.json": keys,
      "POST broker.netid.de/token": tokensFor("https://broker.netid.de/", "net1", {})(asked),
      "GET broker.netid.de/userinfo": { sub: "net1", ...ada },
    }),
    person: "GET broker.netid.de/userinfo",
    claims: { iss: "https://broker.netid.de/", sub: "net1", ...ada },
  },
  {
    kind: "fedcm-test",
    config: { issuer_url: "https://fedcm.example.net" },
    authorize: "https://fedcm.example.net/authorize",
    with: { scope: "openid" },
    pkce: true,
    nonce: true,
    token: "POST fedcm.example.net/token",
    secretIn: "header",
    answers: (asked) => ({
      "GET fedcm.example.net/.well-known/openid-configuration": discovered("https://fedcm.example.net"),
      "GET fedcm.example.net/keys": keys,
      "POST fedcm.example.net/token": tokensFor("https://fedcm.example.net", "fed1", ada)(asked),
    }),
    claims: { iss: "https://fedcm.example.net", sub: "fed1", ...ada },
  },
];

const userinfoRow = (
  kind: string,
  { issuer, authorize, token, userinfo }: Record<"issuer" | "authorize" | "token" | "userinfo", string>,
): KindRow => ({
  kind,
  config: { issuer_url: issuer, scope: ["openid", "email"] },
  authorize: `${issuer}${authorize}`,
  with: { scope: "openid email" },
  pkce: true,
  token: `POST ${new URL(issuer).host}${token}`,
  answers: () => ({
    [`POST ${new URL(issuer).host}${token}`]: bearer,
    [`GET ${new URL(issuer).host}${userinfo}`]: { sub: `${kind}1`, ...ada, updated_at: "2026-01-02T03:04:05.678Z" },
  }),
  person: `GET ${new URL(issuer).host}${userinfo}`,
  claims: { iss: issuer, sub: `${kind}1`, ...ada, updated_at: 1767323045 },
});

const hub = "https://github.com/login/oauth";
const hubAnswers = (tokens: object, addresses: readonly object[]) => ({
  "POST github.com/login/oauth/access_token": tokens,
  "GET api.github.com/user": {
    id: 583231,
    login: "ada",
    name: "Ada Lovelace",
    blog: "https://ada.example.org",
    avatar_url: "https://avatars.githubusercontent.com/u/583231",
    html_url: "https://github.com/ada",
    email: null,
    updated_at: "2026-01-02T03:04:05Z",
  },
  "GET api.github.com/user/emails": addresses,
});
const hubClaims = {
  iss: `${hub}/access_token`,
  sub: "583231",
  name: "Ada Lovelace",
  nickname: "ada",
  website: "https://ada.example.org",
  picture: "https://avatars.githubusercontent.com/u/583231",
  profile: "https://github.com/ada",
  updated_at: 1767323045,
};
const feishu = "https://passport.feishu.cn/suite/passport/oauth";

const ownRows: readonly KindRow[] = [
  userinfoRow("gitlab", {
    issuer: "https://gitlab.example.net",
    authorize: "/oauth/authorize",
    token: "/oauth/token",
    userinfo: "/oauth/userinfo",
  }),
  userinfoRow("auth0", {
    issuer: "https://ada.eu.auth0.com",
    authorize: "/authorize",
    token: "/oauth/token",
    userinfo: "/userinfo",
  }),
  userinfoRow("salesforce", {
    issuer: "https://ada.my.salesforce.com",
    authorize: "/services/oauth2/authorize",
    token: "/services/oauth2/token",
    userinfo: "/services/oauth2/userinfo",
  }),
  {
    kind: "github",
    config: { scope: ["user:email"] },
    authorize: `${hub}/authorize`,
    with: { scope: "user:email" },
    pkce: true,
    token: "POST github.com/login/oauth/access_token",
    answers: () =>
      hubAnswers({ ...bearer, scope: "read:user,user:email" }, [
        { email: "other@example.org", primary: false, verified: true },
        { email: "ada@example.org", primary: true, verified: true },
      ]),
    person: "GET api.github.com/user",
    claims: { ...hubClaims, email: "ada@example.org", email_verified: true },
  },
  {
    kind: "github-app",
    authorize: `${hub}/authorize`,
    pkce: true,
    token: "POST github.com/login/oauth/access_token",
    answers: () =>
      hubAnswers({ ...bearer, scope: "" }, [
        { email: "ada@example.org", primary: false, verified: true },
        { email: "last@example.org", primary: false, verified: false },
      ]),
    person: "GET api.github.com/user",
    claims: { ...hubClaims, email: "last@example.org", email_verified: false },
  },
  {
    kind: "discord",
    config: { scope: ["identify", "email"] },
    authorize: "https://discord.com/api/v9/oauth2/authorize",
    with: { scope: "identify email", prompt: "none" },
    token: "POST discord.com/api/v9/oauth2/token",
    answers: () => ({
      "POST discord.com/api/v9/oauth2/token": { ...bearer, scope: "email identify" },
      "GET discord.com/api/v9/users/@me": {
        id: "80351110224678912",
        username: "ada",
        discriminator: "1337",
        avatar: "8342729096ea3675442027381ff50dfe",
        email: "ada@example.org",
        verified: true,
        locale: "en-US",
      },
    }),
    person: "GET discord.com/api/v9/users/@me",
    claims: {
      iss: "https://discord.com/api/v9/oauth2/",
      sub: "80351110224678912",
      name: "ada#1337",
      nickname: "ada",
      preferred_username: "ada",
      picture: "https://cdn.discordapp.com/avatars/80351110224678912/8342729096ea3675442027381ff50dfe.png",
      email: "ada@example.org",
      email_verified: true,
      locale: "en-US",
    },
  },
  {
    kind: "slack",
    config: { scope: ["identity.basic", "identity.email"] },
    authorize: "https://slack.com/oauth/authorize",
    with: { scope: "identity.basic identity.email" },
    token: "POST slack.com/api/oauth.access",
    answers: () => ({
      "POST slack.com/api/oauth.access": {
        ok: true,
        access_token: "at-1",
        scope: "identity.basic,identity.email",
        team_id: "T1",
      },
      "GET slack.com/api/users.identity": {
        ok: true,
        user: { id: "U0G9", name: "Ada", email: "ada@example.org", image_512: "https://a.slack-edge.com/ada.png" },
        team: { id: "T1" },
      },
    }),
    person: "GET slack.com/api/users.identity",
    claims: {
      iss: "https://slack.com/oauth/",
      sub: "U0G9",
      name: "Ada",
      nickname: "Ada",
      preferred_username: "Ada",
      email: "ada@example.org",
      email_verified: true,
      picture: "https://a.slack-edge.com/ada.png",
      team: "T1",
    },
  },
  {
    kind: "facebook",
    config: { scope: ["email"] },
    authorize: "https://facebook.com/dialog/oauth",
    with: { scope: "email openid" },
    token: "POST graph.facebook.com/oauth/access_token",
    answers: () => ({
      "POST graph.facebook.com/oauth/access_token": bearer,
      "GET graph.facebook.com/me": {
        id: "10215",
        name: "Ada Lovelace",
        first_name: "Ada",
        last_name: "Lovelace",
        email: "ada@example.org",
        picture: { data: { url: "https://platform-lookaside.fbsbx.com/ada" } },
        birthday: "12/10/1815",
        gender: "female",
      },
    }),
    person: "GET graph.facebook.com/me",
    claims: {
      iss: graph,
      sub: "10215",
      name: "Ada Lovelace",
      given_name: "Ada",
      family_name: "Lovelace",
      nickname: "Ada Lovelace",
      preferred_username: "Ada Lovelace",
      picture: "https://platform-lookaside.fbsbx.com/ada",
      email: "ada@example.org",
      email_verified: true,
      gender: "female",
      birthdate: "12/10/1815",
    },
  },
  {
    kind: "vk",
    config: { scope: ["email"] },
    authorize: "https://oauth.vk.com/authorize",
    with: { scope: "email" },
    token: "POST oauth.vk.com/access_token",
    answers: () => ({
      "POST oauth.vk.com/access_token": {
        access_token: "at-1",
        expires_in: 43200,
        user_id: 66,
        email: "ada@example.org",
      },
      "GET api.vk.com/method/users.get": {
        response: [
          {
            id: 66,
            first_name: "Ada",
            last_name: "Lovelace",
            nickname: "",
            photo_200: "https://vk.com/ada",
            sex: 1,
            bdate: "10.12",
          },
        ],
      },
    }),
    person: "GET api.vk.com/method/users.get",
    claims: {
      iss: "https://api.vk.com/method/users.get",
      sub: "66",
      given_name: "Ada",
      family_name: "Lovelace",
      picture: "https://vk.com/ada",
      email: "ada@example.org",
      gender: "female",
      birthdate: "10.12",
    },
  },
  {
    kind: "yandex",
    authorize: "https://oauth.yandex.com/authorize",
    pkce: true,
    token: "POST oauth.yandex.com/token",
    answers: () => ({
      "POST oauth.yandex.com/token": bearer,
      "GET login.yandex.ru/info": {
        id: "1000034426",
        first_name: "Ada",
        last_name: "Lovelace",
        default_email: "ada@example.org",
        default_avatar_id: "131652443",
        is_avatar_empty: false,
        sex: "female",
        birthday: "1815-12-10",
      },
    }),
    person: "GET login.yandex.ru/info",
    claims: {
      iss: "https://login.yandex.ru/info",
      sub: "1000034426",
      given_name: "Ada",
      family_name: "Lovelace",
      email: "ada@example.org",
      gender: "female",
      birthdate: "1815-12-10",
      picture: "https://avatars.yandex.net/get-yapic/131652443/islands-200",
    },
  },
  {
    kind: "spotify",
    config: { scope: ["user-read-email"] },
    authorize: "https://accounts.spotify.com/authorize",
    with: { scope: "user-read-email" },
    pkce: true,
    token: "POST accounts.spotify.com/api/token",
    secretIn: "header",
    answers: () => ({
      "POST accounts.spotify.com/api/token": { ...bearer, scope: "user-read-email user-read-private" },
      "GET api.spotify.com/v1/me": {
        id: "adal",
        display_name: "Ada",
        email: "ada@example.org",
        images: [{ url: "https://i.scdn.co/ada" }],
        external_urls: { spotify: "https://open.spotify.com/user/adal" },
      },
    }),
    person: "GET api.spotify.com/v1/me",
    claims: {
      iss: "https://accounts.spotify.com/api/token",
      sub: "adal",
      name: "Ada",
      nickname: "Ada",
      email: "ada@example.org",
      picture: "https://i.scdn.co/ada",
      profile: "https://open.spotify.com/user/adal",
    },
  },
  {
    kind: "dingtalk",
    config: { scope: ["openid"] },
    authorize: "https://login.dingtalk.com/oauth2/auth",
    with: { scope: "openid", prompt: "consent" },
    token: "POST api.dingtalk.com/v1.0/oauth2/userAccessToken",
    secretIn: "json",
    answers: () => ({
      "POST api.dingtalk.com/v1.0/oauth2/userAccessToken": {
        accessToken: "at-1",
        refreshToken: "rt-1",
        expireIn: 7200,
      },
      "GET api.dingtalk.com/v1.0/contact/users/me": {
        nick: "Ada",
        openId: "liSii8KCxxxxx",
        avatarUrl: "https://static-legacy.dingtalk.com/ada",
        email: "ada@example.org",
      },
    }),
    person: "GET api.dingtalk.com/v1.0/contact/users/me",
    claims: {
      iss: "https://api.dingtalk.com/v1.0/contact/users/me",
      sub: "liSii8KCxxxxx",
      name: "Ada",
      nickname: "Ada",
      picture: "https://static-legacy.dingtalk.com/ada",
      email: "ada@example.org",
    },
  },
  {
    kind: "linkedin",
    config: { scope: ["r_liteprofile"] },
    authorize: "https://www.linkedin.com/oauth/v2/authorization",
    with: { scope: "r_liteprofile" },
    token: "POST www.linkedin.com/oauth/v2/accessToken",
    answers: () => ({
      "POST www.linkedin.com/oauth/v2/accessToken": bearer,
      "GET api.linkedin.com/v2/me": {
        id: "yrZCpj2Z12",
        localizedFirstName: "Ada",
        localizedLastName: "Lovelace",
        profilePicture: {
          "displayImage~": {
            elements: [100, 200, 400, 800].map((size) => ({
              identifiers: [{ identifier: `https://media.licdn.com/${size}` }],
            })),
          },
        },
      },
      "GET api.linkedin.com/v2/emailAddress": { elements: [{ "handle~": { emailAddress: "ada@example.org" } }] },
    }),
    person: "GET api.linkedin.com/v2/me",
    claims: {
      iss: "https://login.linkedin.com/",
      sub: "yrZCpj2Z12",
      given_name: "Ada",
      last_name: "Lovelace",
      picture: "https://media.licdn.com/400",
      email: "ada@example.org",
    },
  },
  {
    kind: "patreon",
    config: { scope: ["identity[email]"] },
    authorize: "https://www.patreon.com/oauth2/authorize",
    with: { scope: "identity[email]", prompt: "none" },
    token: "POST www.patreon.com/api/oauth2/token",
    answers: () => ({
      "POST www.patreon.com/api/oauth2/token": bearer,
      "GET www.patreon.com/api/oauth2/v2/identity": {
        data: {
          id: "12345689",
          type: "user",
          attributes: {
            email: "ada@example.org",
            first_name: "Ada",
            last_name: "Lovelace",
            full_name: "Ada Lovelace",
            image_url: "https://c10.patreonusercontent.com/ada",
          },
        },
      },
    }),
    person: "GET www.patreon.com/api/oauth2/v2/identity",
    claims: {
      iss: "https://www.patreon.com/",
      sub: "12345689",
      name: "Ada Lovelace",
      given_name: "Ada",
      family_name: "Lovelace",
      last_name: "Lovelace",
      email: "ada@example.org",
      picture: "https://c10.patreonusercontent.com/ada",
    },
  },
  {
    kind: "lark",
    authorize: `${feishu}/authorize`,
    token: "POST passport.feishu.cn/suite/passport/oauth/token",
    answers: () => ({
      "POST passport.feishu.cn/suite/passport/oauth/token": bearer,
      "GET passport.feishu.cn/suite/passport/oauth/userinfo": {
        open_id: "ou_caecc734",
        name: "Ada",
        avatar_url: "https://www.feishu.cn/ada",
        email: "ada@example.org",
        mobile: "+86130xxxx0000",
      },
    }),
    person: "GET passport.feishu.cn/suite/passport/oauth/userinfo",
    claims: {
      iss: `${feishu}/userinfo`,
      sub: "ou_caecc734",
      name: "Ada",
      nickname: "Ada",
      picture: "https://www.feishu.cn/ada",
      email: "ada@example.org",
      phone_number: "+86130xxxx0000",
    },
  },
  {
    kind: "amazon",
    config: { scope: ["profile", "postal_code"] },
    authorize: "https://www.amazon.com/ap/oa",
    with: { scope: "profile postal_code" },
    token: "POST api.amazon.com/auth/o2/token",
    answers: () => ({
      "POST api.amazon.com/auth/o2/token": bearer,
      "GET api.amazon.com/user/profile": {
        user_id: "amzn1.account.K2LI",
        email: "ada@example.org",
        name: "Ada Lovelace",
        postal_code: "98052",
      },
    }),
    person: "GET api.amazon.com/user/profile",
    claims: {
      iss: "https://api.amazon.com/auth/o2/token",
      sub: "amzn1.account.K2LI",
      name: "Ada Lovelace",
      email: "ada@example.org",
      zoneinfo: "98052",
    },
  },
  {
    kind: "uaepass",
    config: { scope: ["urn:uae:digitalid:profile"] },
    authorize: "https://id.uaepass.ae/idshub/authorize",
    with: { scope: "urn:uae:digitalid:profile", acr_values: "urn:safelayer:tws:policies:authentication:level:low" },
    pkce: true,
    token: "POST id.uaepass.ae/idshub/token",
    secretIn: "header",
    answers: () => ({
      "POST id.uaepass.ae/idshub/token": bearer,
      "GET id.uaepass.ae/idshub/userinfo": {
        sub: "UAEPASS1",
        email: "ada@example.org",
        fullnameEN: "Ada Lovelace",
        firstnameEN: "Ada",
        lastnameEN: "Lovelace",
        userType: "SOP3",
      },
    }),
    person: "GET id.uaepass.ae/idshub/userinfo",
    claims: {
      iss: "https://id.uaepass.ae",
      sub: "UAEPASS1",
      email: "ada@example.org",
      name: "Ada Lovelace",
      given_name: "Ada",
      last_name: "Lovelace",
    },
  },
  {
    kind: "x",
    config: { scope: ["email"] },
    authorize: "https://api.twitter.com/oauth/authenticate",
    with: { oauth_token: "rt-1" },
    token: "POST api.twitter.com/oauth/access_token",
    answers: () => ({
      "POST api.twitter.com/oauth/request_token":
        "oauth_token=rt-1&oauth_token_secret=rs-1&oauth_callback_confirmed=true",
      "POST api.twitter.com/oauth/access_token": "oauth_token=at-1&oauth_token_secret=as-1&user_id=38895958",
      "GET api.twitter.com/1.1/account/verify_credentials.json": {
        id_str: "38895958",
        name: "Ada",
        screen_name: "adal",
        email: "ada@example.org",
        profile_image_url_https: "https://pbs.twimg.com/ada",
        url: "https://t.co/ada",
      },
    }),
    person: "GET api.twitter.com/1.1/account/verify_credentials.json",
    returns: { oauth_token: "rt-1", oauth_verifier: "verifier" },
    claims: {
      iss: "https://api.twitter.com/1.1/account/verify_credentials.json?include_email=true",
      sub: "38895958",
      name: "Ada",
      picture: "https://pbs.twimg.com/ada",
      email: "ada@example.org",
      preferred_username: "adal",
      website: "https://t.co/ada",
    },
  },
];

/** Every kind of provider, by answers that are documented. */
export const kindRows: readonly KindRow[] = [...openidRows, ...ownRows];
