import type { Route } from "../routing/match.ts";
import { IdentityDetail } from "./identities/detail.tsx";
import { Identities } from "./identities/list.tsx";
import { NewIdentity } from "./identities/new.tsx";
import { Message } from "./messages/detail.tsx";
import { Messages } from "./messages/list.tsx";
import { Overview } from "./overview/overview.tsx";
import { Sessions } from "./sessions/list.tsx";

/** All screens. What is named goes before what stands for anything. */
export const routes: readonly Route[] = [
  { path: "/", screen: Overview },
  { path: "/identities", screen: Identities },
  { path: "/identities/new", screen: NewIdentity },
  { path: "/identities/:id", screen: IdentityDetail },
  { path: "/sessions", screen: Sessions },
  { path: "/messages", screen: Messages },
  { path: "/messages/:id", screen: Message },
];
