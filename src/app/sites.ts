import type { ConfigStore } from "../config/watch.ts";
import type { Call, Context } from "../context.ts";
import type { Database } from "../db/connection.ts";
import { createInboxSite } from "../inbox/site.ts";
import type { Log } from "../log.ts";
import type { HttpRequest } from "../server/http.ts";
import type { Site } from "../server/port.ts";
import { hostNameOf } from "../server/public-address.ts";
import type { Tracer } from "../tracing/tracer.ts";
import { consoleSite } from "../console/serve.ts";
import type { Rest } from "./pages/ask.ts";
import { providerSite } from "./oauth2/site.ts";
import { servePages } from "./pages/serve-pages.ts";
import type { TenantsOfRequests } from "./tenants-of-requests.ts";

/** What sites know of the port that they are on. */
export interface SitePort {
  readonly parts: {
    readonly store: ConfigStore;
    readonly db: Database;
    readonly log: Log;
    /** Undefined where nothing is traced. */
    readonly tracer: Tracer | undefined;
    createContext(call: Call, port: "public"): Context;
    /** Aborted as soon as the server is about to go. */
    readonly leaving: AbortSignal;
  };
  readonly tenants: TenantsOfRequests;
  readonly rest: Rest;
  baseUrl(req: HttpRequest): string;
}

type Draw = ReturnType<typeof servePages>["draw"];
type Render = ReturnType<typeof servePages>["render"];

/** Pages for people: those for everybody on the public port, those for administrators on the other one. */
export const sitesOf = (name: "public" | "admin", port: SitePort): readonly Site[] =>
  name === "admin" ? [consoleSite] : publicSites(port);

function publicSites(port: SitePort): readonly Site[] {
  const pages = pagesOf(port);
  return [inboxOf(port, pages.draw), pages, oauth2Of(port, pages.render)];
}

const inboxOf = ({ parts: { store, db, leaving }, tenants }: SitePort, draw: Draw): Site =>
  createInboxSite({
    db,
    enabled: () => store.current().courier.inbox,
    tenantOf: tenants.servedTo,
    hostOf: (req) => hostNameOf(req, store.current().serve.trusted_proxies),
    draw,
    leaving,
  });

const oauth2Of = ({ parts: { createContext }, tenants, baseUrl }: SitePort, render: Render): Site =>
  providerSite({
    tenantOf: tenants.servedTo,
    baseUrl,
    createContext: (call) => createContext(call, "public"),
    render,
  });

const pagesOf = ({ parts: { store, log, tracer }, tenants, rest, baseUrl }: SitePort) =>
  servePages({
    log,
    tracer,
    async rest(req, res) {
      // Asked on behalf of a visitor, by headers that name the same tenant.
      await tenants.resolve(req);
      await rest(req, res);
    },
    config: (req) => tenants.servedTo(req).config(),
    baseUrl,
    mostBytes: store.current().serve.public.max_body_bytes,
  });
