import { ConsoleService } from "#gen/ostiary/admin/v1/console_service_pb.js";
import { claimOwnership, findAdministrator } from "../../access/administrators.ts";
import { isClaim } from "../../access/claim.ts";
import {
  clearSessionCookie,
  clearSignInCookie,
  sessionCookieOf,
  setSessionCookie,
  setSignInCookie,
  signInCookieOf,
} from "../../access/console-cookies.ts";
import { consoleAddress, consolePath } from "../../access/console-origin.ts";
import { consoleSignInOf } from "../../access/console-principal.ts";
import { endConsoleSession, exchangeCode, idleEnd } from "../../access/console-session.ts";
import { credentialRequired } from "../../access/refusals.ts";
import { expand } from "../../access/scopes.ts";
import { sealSignIn } from "../../access/sign-in-request.ts";
import type { Context } from "../../context.ts";
import { randomToken, sha256Hex } from "../../crypto/token.ts";
import { isUuid } from "../../db/id.ts";
import { ErrorReason, problem } from "../../errors.ts";
import { defineService } from "../../server/dispatch.ts";
import { directoryOf } from "../../tenant/directory.ts";
import { defaultTenant, type ServedTenant } from "../../tenant.ts";
import { presentTime } from "../present-time.ts";
import { sendBrowser } from "../send-browser.ts";
import { presentRole } from "./administrator-service.ts";
import { nameOfPerson } from "./name-of-person.ts";

const verifierLength = 43;

/** Serves console_service.proto, for the scopes that there are. */
export const consoleService = (knownScopes: () => readonly string[]) =>
  defineService(ConsoleService, {
    async getConsoleSession(_, ctx) {
      const { principal } = ctx;
      const signedIn = consoleSignInOf(ctx);
      const authenticationRequired = ctx.config.serve.admin.authentication.required;
      const scopes = principal ? expand(principal.scopes, knownScopes()) : [];
      if (!signedIn || principal?.kind !== "administrator") return { session: { scopes, authenticationRequired } };
      const { row, session, role } = signedIn;
      return {
        session: {
          identityId: session.identity.id,
          displayName: nameOfPerson(session.identity),
          role: presentRole(role),
          scopes,
          tenantId: principal.tenantId,
          allTenants: principal.allTenants,
          authenticationRequired,
          expiresAt: presentTime(row.expiresAt),
          idleExpiresAt: presentTime(idleEnd(ctx, row)),
        },
      };
    },

    async beginConsoleSignIn({ returnTo, tenant: name, claim }, ctx) {
      const tenant = await tenantOf(ctx, name || defaultTenant.id);
      const own = of(ctx, tenant);
      const claims = claim !== "" && isClaim(own, claim);
      if (claim && !claims)
        throw problem(ErrorReason.GONE, { reason: "The link for the first owner is invalid or older than a day." });
      const verifier = randomToken(verifierLength);
      const address = consoleAddress(directoryOf(ctx.db.database).default.config(), ctx.call.url);
      const request = { challenge: sha256Hex(verifier), address, returnTo: consolePath(returnTo), claims };
      const url = new URL("self-service/console", own.config.serve.public.base_url);
      url.searchParams.set("request", sealSignIn(own, request));
      setSignInCookie(ctx, { tenantId: tenant.id, secret: verifier, claim });
      return sendBrowser(ctx, url.href);
    },

    async completeConsoleSignIn({ code, returnTo }, ctx) {
      // A browser that only looks would use up the code of who comes after it.
      if (ctx.call.isPrefetch) throw credentialRequired(ctx.config, ctx.call);
      const begun = signInCookieOf(ctx);
      if (!begun || !isUuid(begun.tenantId)) throw credentialRequired(ctx.config, ctx.call);
      const own = of(ctx, await tenantOf(ctx, begun.tenantId));
      const exchanged = await exchangeCode(own, code, begun.secret);
      if (!exchanged) throw credentialRequired(ctx.config, ctx.call);
      const { identity } = exchanged.session;
      const isOwner =
        begun.claim !== undefined && isClaim(own, begun.claim) && (await claimOwnership(own, identity.id));
      if (!isOwner && !(await findAdministrator(own, identity.id)))
        throw problem(ErrorReason.FORBIDDEN, { reason: "The identity is no administrator." });
      const maxAgeMs = exchanged.expiresAt.getTime() - ctx.now().getTime();
      setSessionCookie(ctx, { tenantId: begun.tenantId, secret: exchanged.token }, maxAgeMs);
      clearSignInCookie(ctx);
      const address = consoleAddress(directoryOf(ctx.db.database).default.config(), ctx.call.url);
      return sendBrowser(ctx, new URL(consolePath(returnTo).slice(1), address).href);
    },

    async endConsoleSession(_, ctx) {
      const cookie = sessionCookieOf(ctx);
      const signedIn = consoleSignInOf(ctx);
      // Without it another site could have asked.
      if (!signedIn || !cookie) throw credentialRequired(ctx.config, ctx.call);
      await endConsoleSession(of(ctx, await tenantOf(ctx, cookie.tenantId)), cookie.secret);
      clearSessionCookie(ctx);
      return {};
    },
  });

async function tenantOf({ db }: Context, name: string): Promise<ServedTenant> {
  const tenant = await directoryOf(db.database).byName(name);
  if (!tenant) throw problem(ErrorReason.NOT_FOUND, { reason: "The tenant does not exist." });
  return tenant;
}

/** The same call, about another tenant. */
const of = (ctx: Context, tenant: ServedTenant): Context =>
  Object.create(ctx, { tenant: { value: tenant }, config: { value: tenant.config() } }) as Context;
