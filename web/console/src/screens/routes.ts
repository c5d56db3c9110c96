import type { Route } from "../routing/match.ts";
import { Administrators } from "./access/administrators.tsx";
import { ApiKeys } from "./access/keys.tsx";
import { NewApiKey } from "./access/new-key.tsx";
import { Configuration } from "./configuration/configuration.tsx";
import { EventDetail } from "./events/detail.tsx";
import { Events } from "./events/list.tsx";
import { Explain } from "./explain/explain.tsx";
import { Flows } from "./flows/flows.tsx";
import { IdentityDetail } from "./identities/detail.tsx";
import { Identities } from "./identities/list.tsx";
import { NewIdentity } from "./identities/new.tsx";
import { Invitations } from "./invitations/list.tsx";
import { NewInvitation } from "./invitations/new.tsx";
import { Mappers } from "./mappers/mappers.tsx";
import { Message } from "./messages/detail.tsx";
import { Messages } from "./messages/list.tsx";
import { Overview } from "./overview/overview.tsx";
import { ProviderDetail } from "./providers/detail.tsx";
import { Providers } from "./providers/list.tsx";
import { NewProvider } from "./providers/new.tsx";
import { Schema } from "./schemas/detail.tsx";
import { Schemas } from "./schemas/list.tsx";
import { Sessions } from "./sessions/list.tsx";
import { TenantDetail } from "./tenants/detail.tsx";
import { Tenants } from "./tenants/list.tsx";
import { NewTenant } from "./tenants/new.tsx";

/** All screens. What is named goes before what stands for anything. */
export const routes: readonly Route[] = [
  { path: "/", screen: Overview },
  { path: "/identities", screen: Identities },
  { path: "/identities/new", screen: NewIdentity },
  { path: "/identities/:id", screen: IdentityDetail },
  { path: "/invitations", screen: Invitations },
  { path: "/invitations/new", screen: NewInvitation },
  { path: "/sessions", screen: Sessions },
  { path: "/messages", screen: Messages },
  { path: "/messages/:id", screen: Message },
  { path: "/events", screen: Events },
  { path: "/events/:id", screen: EventDetail },
  { path: "/flows", screen: Flows },
  { path: "/explain", screen: Explain },
  { path: "/schemas", screen: Schemas },
  { path: "/schemas/:id", screen: Schema },
  { path: "/providers", screen: Providers },
  { path: "/providers/new", screen: NewProvider },
  { path: "/providers/:id", screen: ProviderDetail },
  { path: "/mappers", screen: Mappers },
  { path: "/tenants", screen: Tenants },
  { path: "/tenants/new", screen: NewTenant },
  { path: "/tenants/:id", screen: TenantDetail },
  { path: "/administrators", screen: Administrators },
  { path: "/api-keys", screen: ApiKeys },
  { path: "/api-keys/new", screen: NewApiKey },
  { path: "/configuration", screen: Configuration },
];
