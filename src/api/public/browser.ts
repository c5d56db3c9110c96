import type { Context } from "../../context.ts";
import { ErrorReason, leadingTo, toProblem } from "../../errors.ts";
import type { Problem } from "../../errors.ts";
import { waitForRow } from "../../flow/new-rows.ts";
import { storeError } from "../../flow/error-store.ts";
import { describeError } from "../present-error.ts";

/** A form tells of itself what is wrong with it, and a database that cannot be written to keeps no error for a page. */
const toldAtOnce = new Set<ErrorReason>([ErrorReason.SUBMISSION_REJECTED, ErrorReason.DATABASE_UNAVAILABLE]);

/**
 * Makes a handler fit for navigating browsers. They cannot read an error: it is kept, and they are sent to the page that
 * shows it. Everybody else gets the error itself.
 */
export function browser<Request, Response>(
  handle: (request: Request, ctx: Context) => Promise<Response>,
): (request: Request, ctx: Context) => Promise<Response> {
  return async (request, ctx) => {
    try {
      return await handle(request, ctx);
    } catch (thrown) {
      const error = toProblem(thrown);
      const shown = error.told.location !== undefined || toldAtOnce.has(error.reason);
      // An error that is kept is a row as a flow is.
      if (ctx.call.isNavigation && !shown && waitForRow(ctx) === 0) throw await diverted(ctx, error);
      throw error;
    }
  };
}

/** Stores the error and points the browser to the page that will ask for it. */
async function diverted(ctx: Context, error: Problem): Promise<Problem> {
  if (error.cause) ctx.log.error("call failed", { cause: String(error.cause) });
  const id = await storeError(ctx, describeError(error));
  const page = new URL(ctx.config.selfservice.flows.error.ui_url, ctx.config.serve.public.base_url);
  page.searchParams.set("id", id);
  return leadingTo(error, page.href);
}
