import { decodeJwt } from "jose";
import { failureOf } from "../provider-step.ts";
import { openidProviders } from "../openid.ts";
import type { Claims, ProviderConfig } from "../provider.ts";
import type { Issuer } from "../verify-id-token.ts";

const base = "https://login.microsoftonline.com";
/** The tenant of all personal accounts. */
const personal = "9188040d-6c67-4c5b-b112-36a304b66dad";
const uuid = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** Microsoft Entra and Microsoft accounts: one door, and an issuer for each tenant. */
export const create = openidProviders({
  issuer: base,
  known: ({ microsoft_tenant: tenant }) => ({
    authorization_endpoint: `${base}/${encodeURIComponent(tenant!)}/oauth2/v2.0/authorize`,
    token_endpoint: `${base}/${encodeURIComponent(tenant!)}/oauth2/v2.0/token`,
    userinfo_endpoint: "https://graph.microsoft.com/oidc/userinfo",
    jwks_uri: `${base}/${encodeURIComponent(tenant!)}/discovery/v2.0/keys`,
    code_challenge_methods_supported: ["S256"],
    token_endpoint_auth_methods_supported: ["client_secret_post"],
  }),
  issuerOf,
  async finish(claims, { idToken, ask }, { subject_source: source }) {
    const own = { ...claims, ...("oid" in idToken && { oid: idToken["oid"] }) };
    if (source === "me") return subjectFrom(own, (await ask("https://graph.microsoft.com/v1.0/me"))["id"]);
    return source === "oid" ? subjectFrom(own, own["oid"]) : own;
  },
});

/** The issuer of a token's tenant. Which one that is the token says, and its signature then proves. */
function issuerOf(idToken: string, { microsoft_tenant: configured = "" }: ProviderConfig): Issuer {
  const tenant = tenantIn(idToken);
  if (!uuid.test(tenant)) throw refusal("The ID token does not name a tenant.");
  if (!fits(tenant.toLowerCase(), configured.toLowerCase()))
    throw refusal("The ID token was issued for a different tenant.");
  return { issuers: [`${base}/${tenant}/v2.0`], keysAt: `${base}/${tenant}/discovery/v2.0/keys` };
}

/** Whether the people of a tenant are among those whom the configuration lets in. A domain tells nothing of its tenant's id. */
function fits(tenant: string, configured: string): boolean {
  if (configured === "consumers") return tenant === personal;
  if (configured === "organizations") return tenant !== personal;
  return !uuid.test(configured) || configured === tenant;
}

function tenantIn(idToken: string): string {
  try {
    const { tid: tenant } = decodeJwt(idToken);
    return typeof tenant === "string" ? tenant : "";
  } catch (cause) {
    throw refusal("The ID token cannot be read.", cause);
  }
}

const refusal = (says: string, cause?: unknown) => failureOf("id_token_verify", cause, { says, status: 400 });

function subjectFrom(claims: Claims, sub: unknown): Claims {
  if (typeof sub !== "string" || !sub) throw new Error("Microsoft did not return a subject.");
  return { ...claims, sub };
}
