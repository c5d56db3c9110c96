import type { Context } from "../context.ts";
import { openPage, sealPage } from "../crypto/page-token.ts";
import { isUuid } from "../db/id.ts";
import { keysetLink } from "../db/pages.ts";
import { ErrorReason, problem } from "../errors.ts";

/** A page of a list that shows the newest first, by their ids, which begin with the time. */
export interface KeysetPage {
  /** The id before the first one, in descending order; empty for the first page. */
  readonly before: string;
  /** How many rows to read: one more than are shown, to tell whether there are others. */
  readonly limit: number;
  /**
   * The rows that are shown of those that were read, and the token of the next page. The answer's header says both ways as well.
   * Where fewer were found than were looked for, there may be more behind `end`.
   */
  cut<Row extends { readonly id: string }>(
    rows: readonly Row[],
    end?: string,
  ): { readonly shown: readonly Row[]; readonly next: string };
}

/** How many rows a page shows. */
interface Sizes {
  /** Where nothing is said. */
  readonly usual: number;
  readonly most: number;
}

/** Opens the page that a request asks for. Fails with BAD_REQUEST for a token that is none. */
export function openKeysetPage(
  ctx: Context,
  { pageSize, pageToken }: { readonly pageSize: number; readonly pageToken: string },
  { usual, most }: Sizes,
): KeysetPage {
  const size = pageSize < 1 ? usual : Math.min(pageSize, most);
  return {
    before: pageToken ? readToken(ctx, pageToken) : "",
    limit: size + 1,
    cut(rows, end) {
      const shown = rows.slice(0, size);
      const last = rows.length > size ? shown.at(-1)!.id : end;
      const next = last ? writeToken(ctx, last) : "";
      ctx.call.reply.headers.set("link", keysetLink(ctx.call.url, { size, first: writeToken(ctx, ""), next }));
      return { shown, next };
    },
  };
}

const writeToken = ({ config, now }: Context, before: string): string =>
  sealPage({ before }, config.secrets, now().getTime());

function readToken({ config, now }: Context, token: string): string {
  const before = openPage(token, config.secrets, now().getTime())?.["before"];
  if (typeof before !== "string" || (before && !isUuid(before)))
    throw problem(ErrorReason.BAD_REQUEST, {
      message: "The page token is invalid or older than an hour.",
    });
  return before;
}
