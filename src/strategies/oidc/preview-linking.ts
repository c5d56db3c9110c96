import type { Context } from "../../context.ts";
import { schemaOf } from "../../flow/flow-schema.ts";
import type { Flow } from "../../flow/flow.ts";
import { duplicateIdentifier } from "../../flows/duplicate-identifier.ts";
import { prepareIdentity } from "../../identity/write.ts";
import { findLinked } from "../../provider/link.ts";
import { draftOf } from "./draft.ts";
import { objectionToLinking } from "./link-by-address.ts";
import type { LinkingObjection } from "./link-by-address.ts";
import type { UpstreamLogin } from "./upstream-login.ts";

/** Whose account here the first sign-in of somebody would lead to. */
export type LinkingPreview =
  /** One that is linked already. */
  | { readonly outcome: "linked" }
  /** One that would be linked without a question. */
  | { readonly outcome: "automatic" }
  /** One that its owner would have to sign in to first, and why it is not linked without that. */
  | { readonly outcome: "confirm"; readonly identifier: string; readonly reason: LinkingObjection }
  /** A new one. */
  | { readonly outcome: "none" };

/** Tells what would come of somebody's first sign-in for the accounts that are here. Writes nothing. */
export async function previewLinking(ctx: Context, flow: Flow, login: UpstreamLogin): Promise<LinkingPreview> {
  const { provider, account } = login;
  if (await findLinked(ctx, provider.config, account)) return { outcome: "linked" };
  const reason = await objectionToLinking(ctx, provider.config, account);
  if (reason === undefined) return { outcome: "automatic" };
  const { credentials, traits = {} } = await draftOf(ctx, flow, login);
  const taken = await duplicateIdentifier(
    ctx,
    prepareIdentity(ctx, { schema: await schemaOf(ctx, flow), traits, credentials }),
  );
  return taken ? { outcome: "confirm", identifier: taken.identifier, reason } : { outcome: "none" };
}
