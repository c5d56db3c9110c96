import type { Context } from "../../context.ts";
import { schemaOf } from "../../flow/flow-schema.ts";
import type { Flow, Form } from "../../flow/flow.ts";
import { orderNodes } from "../../flow/order-nodes.ts";
import type { RegistrationDraft } from "../../flow/results.ts";
import { typedTraits } from "../../flow/traits.ts";
import { registrationTraitNodes } from "../../proof/invited.ts";
import { linkAccount } from "../../provider/link.ts";
import { mapClaims } from "../../provider/map-claims.ts";
import { mergeTraits } from "../../provider/merge-traits.ts";
import type { ProviderConfig } from "../../provider/provider.ts";
import { isObject } from "../../schema/limits.ts";
import { hidden, submitNode } from "../../ui/node.ts";
import { goOnSigningUp } from "./messages.ts";
import { sessionMethodOf } from "./session-method.ts";
import { group } from "./upstream-login.ts";
import type { UpstreamLogin } from "./upstream-login.ts";

type Traits = Record<string, unknown>;

/** Somebody new, as their provider and they themselves have described them. */
export async function draftOf(ctx: Context, flow: Flow, upstreamLogin: UpstreamLogin): Promise<RegistrationDraft> {
  const { provider, account, traits: typed = {} } = upstreamLogin;
  const { config } = provider;
  const mapped = await mapClaims(ctx, config, account.claims);
  const { metadata_public: metadataPublic, metadata_admin: metadataAdmin, region } = mapped;
  return {
    credentials: [linkAccount(ctx, undefined, config, account)],
    // What somebody has typed counts more than what their provider says.
    traits: mergeTraits(mapped.traits, filledIn(typed, mapped.traits)),
    verified: mapped.verified_addresses.map(({ via, value: address }) => ({ via, address })),
    ...(metadataPublic && { metadataPublic }),
    ...(metadataAdmin && { metadataAdmin }),
    ...(region && { region }),
    ...(config.organization_id && { organizationId: config.organization_id }),
    method: sessionMethodOf(ctx, flow, config, account),
  };
}

/** What was typed, but for fields that were left empty and that the provider has filled. */
function filledIn(typed: Traits, mapped: Traits): Traits {
  const entries = Object.entries(typed).flatMap(([name, value]): [string, unknown][] => {
    const known = Object.hasOwn(mapped, name) ? mapped[name] : undefined;
    if (isObject(value) && isObject(known)) return [[name, filledIn(value, known)]];
    return value === "" && known !== undefined ? [] : [[name, value]];
  });
  return Object.fromEntries(entries);
}

/** The traits of a submission, as far as it says any. */
export const traitsIn = async (ctx: Context, flow: Flow, sent: Traits | undefined): Promise<Traits | undefined> =>
  sent && typedTraits(ctx, await schemaOf(ctx, flow), sent);

/** The form that asks for what a provider has not told. It holds no other method: the account at the provider is kept for it. */
export async function missingTraitsForm(ctx: Context, flow: Flow, { id }: ProviderConfig): Promise<Form> {
  const traitsGroup = ctx.config.feature_flags.legacy_oidc_registration_node_group ? group : "default";
  const nodes = [
    hidden("default", "csrf_token", "", { required: true }),
    submitNode(group, "provider", id, goOnSigningUp()),
    ...(await registrationTraitNodes(ctx, flow, {}, { group: traitsGroup })),
  ];
  return { nodes: orderNodes("registration", nodes), messages: [] };
}
