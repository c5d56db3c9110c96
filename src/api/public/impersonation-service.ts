import { ImpersonationService } from "#gen/ostiary/public/v1/impersonation_service_pb.js";
import { followImpersonationLink } from "../../access/impersonation.ts";
import { renewCsrfToken } from "../../flow/csrf.ts";
import { destination } from "../../flow/return-to.ts";
import { defineService } from "../../server/dispatch.ts";
import { setSessionCookie } from "../../session/carrier.ts";
import { sendBrowser } from "../send-browser.ts";
import { browser } from "./browser.ts";
import { refusePrefetch } from "./submission.ts";

/** Serves impersonation_service.proto of the public port. */
export const impersonationService = defineService(ImpersonationService, {
  beginImpersonation: browser(async ({ token }, ctx) => {
    refusePrefetch(ctx);
    const issued = await followImpersonationLink(ctx, token);
    setSessionCookie(ctx, issued.token, issued.expiresAt);
    // The forms that are open are somebody else's.
    renewCsrfToken(ctx);
    return sendBrowser(ctx, destination(ctx, null));
  }),
});
