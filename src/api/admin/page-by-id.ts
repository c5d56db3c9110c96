import type { Context } from "../../context.ts";
import { openPage, sealPage } from "../../crypto/page-token.ts";
import { isUuid } from "../../db/id.ts";
import { firstId, keysetLink } from "../../db/pages.ts";
import { ErrorReason, problem } from "../../errors.ts";

const usualSize = 250;
const largestSize = 1000;

/** What a client asks of a list in the order of ids. */
interface Asked {
  readonly pageSize: number;
  readonly pageToken: string;
}

/** A page of rows in the order of their ids, and where the next one begins. */
export async function pageById<Row extends { readonly id: string }>(
  ctx: Context,
  { pageSize, pageToken }: Asked,
  find: (after: string, limit: number) => Promise<Row[]>,
): Promise<{ readonly rows: Row[]; readonly nextPageToken: string }> {
  const size = pageSize < 1 ? usualSize : Math.min(pageSize, largestSize);
  const found = await find(pageToken ? readToken(ctx, pageToken) : firstId, size + 1);
  const rows = found.slice(0, size);
  const next = found.length > size ? writeToken(ctx, rows.at(-1)!.id) : "";
  ctx.call.reply.headers.set("link", keysetLink(ctx.call.url, { size, first: writeToken(ctx, firstId), next }));
  return { rows, nextPageToken: next };
}

const writeToken = ({ config, now }: Context, after: string): string =>
  sealPage({ after }, config.secrets, now().getTime());

function readToken({ config, now }: Context, token: string): string {
  const after = openPage(token, config.secrets, now().getTime())?.["after"];
  if (typeof after !== "string" || !isUuid(after))
    throw problem(ErrorReason.BAD_REQUEST, { message: "The page token is invalid or older than an hour." });
  return after;
}
