import type { AuthorizationServer } from "oauth4webapi";
import { inStep, failureOf } from "./provider-step.ts";
import type { OutboundContext } from "./http.ts";
import { cachedDocument } from "./document-cache.ts";

const freshMs = 3_600_000;

/** What a provider says of itself (OpenID Connect Discovery 1.0), asked again each hour. */
export function discover(
  ctx: OutboundContext,
  issuer: string,
  { anew = false } = {},
): Promise<AuthorizationServer & { readonly issuer: string }> {
  return inStep("callback", async () => {
    const url = `${issuer.replace(/\/$/, "")}/.well-known/openid-configuration`;
    const { document } = await cachedDocument(ctx, url, anew ? 0 : freshMs);
    const said = document["issuer"];
    // Section 4.3: who says so of another one could sign people in for it.
    if (typeof said !== "string" || !isSame(said, issuer))
      throw failureOf("callback", undefined, { says: "The provider publishes a different issuer." });
    return document as unknown as AuthorizationServer;
  });
}

const isSame = (said: string, expected: string): boolean => said.replace(/\/$/, "") === expected.replace(/\/$/, "");
