import { createPrivateKey } from "node:crypto";
import { SignJWT } from "jose";
import type { OutboundContext } from "../http.ts";
import { nativeRules } from "../native.ts";
import { openidProviders } from "../openid.ts";
import type { Claims, ProviderConfig } from "../provider.ts";

const issuer = "https://appleid.apple.com";
const lifeSeconds = 300;

/** Sign in with Apple. */
export const create = openidProviders({
  issuer,
  known: () => ({
    authorization_endpoint: `${issuer}/auth/authorize`,
    token_endpoint: `${issuer}/auth/token`,
    jwks_uri: nativeRules.apple.keysAt,
    token_endpoint_auth_methods_supported: ["client_secret_post"],
  }),
  // With these scopes Apple answers by a form alone.
  parameters: ({ scope }) => ({
    ...((scope.includes("email") || scope.includes("name")) && { response_mode: "form_post" }),
  }),
  secret,
  finish: (claims, { parameters }) => ({ ...nameIn(parameters["user"]), ...claims }),
  native: nativeRules.apple,
});

/** A secret for a few minutes, signed by the key that the team has of Apple. */
async function secret({ now }: OutboundContext, config: ProviderConfig): Promise<string> {
  const at = Math.floor(now().getTime() / 1000);
  return new SignJWT()
    .setProtectedHeader({ alg: "ES256", kid: config.apple_private_key_id! })
    .setIssuer(config.apple_team_id!)
    .setSubject(config.client_id)
    .setAudience(issuer)
    .setIssuedAt(at)
    .setExpirationTime(at + lifeSeconds)
    .sign(createPrivateKey(config.apple_private_key!));
}

/** The name, which Apple tells the browser when somebody signs in for the first time. Nobody signs it, so the token goes before. */
function nameIn(user: string | undefined): Partial<Claims> {
  try {
    const { firstName, lastName } = (JSON.parse(user ?? "{}") as { name?: Record<string, unknown> }).name ?? {};
    return {
      ...(isName(firstName) && { given_name: firstName }),
      ...(isName(lastName) && { family_name: lastName, last_name: lastName }),
    };
  } catch {
    return {};
  }
}

const isName = (value: unknown): value is string => typeof value === "string" && value !== "";
