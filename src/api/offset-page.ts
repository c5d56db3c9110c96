import type { Context } from "../context.ts";
import { migrationHeaders, migrationPage, offsetToken } from "../db/pages.ts";
import type { OffsetPage } from "../db/pages.ts";

/** A request for a page of a list that is counted. */
interface PageRequest {
  readonly page: number;
  readonly perPage: number;
  readonly pageSize: number;
  readonly pageToken: string;
}

/** The page that a request asks for. What is not sent is 0, or empty. */
export const offsetPage = ({ page, perPage, pageSize, pageToken }: PageRequest): OffsetPage =>
  migrationPage({
    page,
    per_page: perPage || undefined,
    page_size: pageSize || undefined,
    page_token: pageToken || undefined,
  });

/** Names the pages around one in the answer's headers, and how much there is in all. */
export function nameOffsetPages({ call }: Context, page: OffsetPage, total: number): void {
  const { link, totalCount } = migrationHeaders(call.url, page, total);
  call.reply.headers.set("link", link);
  call.reply.headers.set("x-total-count", totalCount);
}

/** The token of the page after this one; empty on the last. */
export const nextOffsetToken = ({ offset, size }: OffsetPage, total: number): string =>
  offset + size < total ? offsetToken(offset + size) : "";
