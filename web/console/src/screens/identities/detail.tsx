import { useCall } from "../../calls/use-call.ts";
import { Facts } from "../../parts/card.tsx";
import { Copy, Id } from "../../parts/copy.tsx";
import { ErrorNote, Loading } from "../../parts/notes.tsx";
import { Page } from "../../parts/page.tsx";
import { ExactTime, Time } from "../../parts/time.tsx";
import type { Params } from "../../routing/match.ts";
import { Addresses } from "./addresses.tsx";
import { Credentials } from "./credentials.tsx";
import { Ending } from "./ending.tsx";
import { Impersonation } from "./impersonation.tsx";
import { Metadata } from "./metadata.tsx";
import { nameOf, personalNameOf } from "./name-of.ts";
import { PersonMessages } from "./person-messages.tsx";
import { PersonSessions } from "./person-sessions.tsx";
import { Recovery } from "./recovery.tsx";
import { Role } from "./role.tsx";
import { StateBadge } from "./state-badge.tsx";
import { Traits } from "./traits.tsx";

const above = { path: "/identities", name: "Identities" };

/** An account: all that is known of it, and all that can be done about it. */
export function IdentityDetail({ params: { id = "" } }: { params: Params }) {
  const { answered, error, isLoading, reload } = useCall("GetIdentity", { id, expand: ["lifecycle"] });
  const identity = answered?.answer;
  if (!identity)
    return (
      <Page title="Identity" above={above}>
        <ErrorNote error={error} />
        {isLoading && <Loading lines={8} />}
      </Page>
    );
  return (
    <Page
      title={nameOf(identity)}
      above={above}
      lead={
        <span class="inline">
          <StateBadge state={identity.state} /> {personalNameOf(identity)}
          <span>
            <Id value={identity.id} /> <Copy text={identity.id} what="the id" />
          </span>
        </span>
      }
    >
      <div class="columns">
        <div class="stack">
          <Traits identity={identity} onChange={reload} />
          <Credentials identity={identity} onChange={reload} />
          <PersonSessions id={identity.id} />
          <PersonMessages addresses={addressesOf(identity)} />
        </div>
        <div class="stack">
          <section class="card" aria-label="Facts">
            <div class="card-body">
              <Facts
                rows={[
                  ["Schema", identity.schema_id],
                  ["Created", <ExactTime value={identity.created_at} />],
                  ["Changed", <Time value={identity.updated_at} />],
                  ["Last sign-in", <Time value={identity.last_sign_in_at} />],
                  identity.external_id && ["External id", <code>{identity.external_id}</code>],
                  identity.organization_id && ["Organization", <code>{identity.organization_id}</code>],
                  identity.region && ["Region", identity.region],
                ]}
              />
            </div>
          </section>
          <Addresses identity={identity} />
          <Recovery identity={identity} />
          <Impersonation identity={identity} />
          <Metadata identity={identity} onChange={reload} />
          <Role id={identity.id} />
          <Ending identity={identity} onChange={reload} />
        </div>
      </div>
    </Page>
  );
}

const addressesOf = (identity: {
  verifiable_addresses?: readonly { value: string }[];
  recovery_addresses?: readonly { value: string }[];
}): readonly string[] => [
  ...new Set(
    [...(identity.verifiable_addresses ?? []), ...(identity.recovery_addresses ?? [])].map(({ value }) => value),
  ),
];
