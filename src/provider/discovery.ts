import type { AuthorizationServer } from "oauth4webapi";
import { failingAs, failureOf } from "./failing.ts";
import type { Outside } from "./http.ts";
import { publishedAt } from "./published.ts";

const freshMs = 3_600_000;

/** What a provider says of itself (OpenID Connect Discovery 1.0), asked again each hour. */
export function discover(
  ctx: Outside,
  issuer: string,
  { anew = false } = {},
): Promise<AuthorizationServer & { readonly issuer: string }> {
  return failingAs("callback", async () => {
    const url = `${issuer.replace(/\/$/, "")}/.well-known/openid-configuration`;
    const { document } = await publishedAt(ctx, url, anew ? 0 : freshMs);
    const said = document["issuer"];
    // Section 4.3: who says so of another one could sign people in for it.
    if (typeof said !== "string" || !isSame(said, issuer))
      throw failureOf("callback", undefined, { says: "The provider calls itself by another issuer." });
    return document as unknown as AuthorizationServer;
  });
}

const isSame = (said: string, expected: string): boolean => said.replace(/\/$/, "") === expected.replace(/\/$/, "");
