import type { ConfigStore } from "../config/watch.ts";
import { toProblem } from "../errors.ts";
import { clientCertificateOf } from "../rest/client-certificate.ts";
import { problemToRest } from "../rest/error.ts";
import { replyHeaders } from "../rest/reply-headers.ts";
import { requestHeaders } from "../rest/request-headers.ts";
import { serverScope } from "../server/access-demand.ts";
import type { Demand, Gate } from "../server/access-demand.ts";
import { peerOf } from "../server/http.ts";
import type { HttpRequest } from "../server/http.ts";
import type { createPlainRoutes } from "../server/plain.ts";
import type { ServedTenant } from "../tenant.ts";

/** What guards routes that are no calls of the contract. */
export interface GuardParts {
  readonly gate: Gate;
  readonly store: ConfigStore;
  readonly tenant: ServedTenant;
  baseUrl(req: HttpRequest): string;
}

const demand: Demand = {
  scope: serverScope,
  wholeServer: true,
  changes: false,
  subjectOf: () => undefined,
  scopesOf: () => [],
};

/** Lets those read metrics and health who may, as the configuration says. */
export function guardPlain(plain: ReturnType<typeof createPlainRoutes>, parts: GuardParts): typeof plain {
  const { gate, store, tenant, baseUrl } = parts;
  function isGuarded(path: string): boolean {
    const { metrics, probes } = store.current().serve.admin.authentication;
    if (path.endsWith("/openapi.json")) return false;
    return path.includes("/metrics/") ? metrics : probes;
  }
  return {
    ...plain,
    async serve(path, req, res) {
      if (!isGuarded(path)) return plain.serve(path, req, res);
      const headers = requestHeaders(req.headers);
      const [peer, url, reply] = [peerOf(req), baseUrl(req), replyHeaders()];
      const call = { headers, url, peer, certificate: clientCertificateOf(req), tenant, reply: { headers: reply } };
      try {
        await gate.admit(demand, call);
      } catch (error) {
        const { status, text } = problemToRest(toProblem(error));
        res.statusCode = status;
        reply.set("content-type", "application/json; charset=utf-8");
        for (const [name, value] of Object.entries(reply.all())) res.setHeader(name, value);
        return void (res as { end(body: string | Buffer): unknown }).end(text);
      }
      return plain.serve(path, req, res);
    },
  };
}
