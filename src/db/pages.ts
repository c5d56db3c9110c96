/** The place of a page among numbered rows. */
export interface OffsetPage {
  /** From 0. */
  page: number;
  size: number;
  offset: number;
}

/** What a client asks of a list that counts its pages; all as it came in the query. */
export interface OffsetQuery {
  page?: string | number | undefined;
  per_page?: string | number | undefined;
  page_size?: string | number | undefined;
  page_token?: string | undefined;
}

const defaultSize = 250;
const largestSize = 1000;

/** Reads which page is asked for. What cannot be read counts as not said; a size below one is a size of one. */
export function migrationPage(query: OffsetQuery): OffsetPage {
  const size = Math.min(Math.max(integer(query.page_size) ?? integer(query.per_page) ?? defaultSize, 1), largestSize);
  const offset = query.page_token ? offsetOf(query.page_token) : undefined;
  const page = offset === undefined ? Math.max(integer(query.page) ?? 0, 0) : Math.floor(offset / size);
  return { page, size, offset: page * size };
}

/** The token of a page in a list that counts its rows. */
export function offsetToken(offset: number): string {
  return Buffer.from(JSON.stringify({ offset: String(offset), v: 2 })).toString("base64url");
}

function offsetOf(token: string): number | undefined {
  try {
    const { offset } = JSON.parse(Buffer.from(token, "base64url").toString()) as { offset?: unknown };
    const count = integer(offset as string);
    return count !== undefined && count >= 0 ? count : undefined;
  } catch {
    return undefined;
  }
}

function integer(text: string | number | undefined): number | undefined {
  if (text === undefined || !/^[+-]?\d{1,15}$/.test(String(text))) return undefined;
  return Number(text);
}

/** What a list says of its pages in headers. */
export interface OffsetHeaders {
  link: string;
  /** For `X-Total-Count`. */
  totalCount: string;
}

/** The headers of a list that counts its pages and takes tokens as well. `url` is path and query, as they came. */
export function migrationHeaders(url: string, { page, size }: OffsetPage, total: number): OffsetHeaders {
  return offsetHeaders({ page, size }, total, (number, perPage) =>
    withQuery(url, {
      page: String(number),
      page_size: String(perPage),
      page_token: offsetToken(number * perPage),
      per_page: String(perPage),
    }),
  );
}

/** The headers of a list that is asked for by bare page numbers. `url` is path and query, as they came. */
export function numberedHeaders(url: string, { page, size }: Omit<OffsetPage, "offset">, total: number): OffsetHeaders {
  return offsetHeaders({ page, size }, total, (number, perPage) =>
    withQuery(url, { page: String(number), per_page: String(perPage) }),
  );
}

function offsetHeaders(
  { page, size }: { page: number; size: number },
  total: number,
  target: (page: number, size: number) => string,
): OffsetHeaders {
  const offset = page * size;
  const first = link("first", target(0, size));
  const next = link("next", target(page + 1, size));
  const prev = link("prev", target(page - 1, size));
  const last = link("last", target(Math.ceil(total / size) - 1, size));
  let links: string[];
  if (offset >= total) links = [first, next, link("prev", target(Math.floor(total / size) - 1, size))];
  else if (size >= total) links = [link("first", target(0, total))];
  else if (page === 0) links = [next, last];
  else if (offset + size >= total) links = [first, prev];
  else links = [first, next, prev, last];
  return { link: joined(links), totalCount: String(total) };
}

/** The `Link` header of a list that is walked by tokens. `url` is path and query, as they came. */
export function keysetLink(url: string, page: { size: number; first: string; next?: string | undefined }): string {
  const target = (token: string) => withQuery(url, { page_size: String(page.size), page_token: token });
  const links = [link("first", target(page.first))];
  if (page.next) links.push(link("next", target(page.next)));
  return joined(links);
}

// Clients take no more than 16 KiB of headers, as many as there are.
const longestHeader = 8192;

/** Links that repeat a query of any length are no use where nobody can read the answer: then they are left out. */
function joined(links: readonly string[]): string {
  const header = links.join(",");
  return header.length > longestHeader ? "" : header;
}

/** What comes before all ids: the token of the first page of a list by id, or of one that is followed from its beginning. */
export const firstId = "00000000-0000-0000-0000-000000000000";

/** The id before all others, in descending order. */
export const lastId = "ffffffff-ffff-ffff-ffff-ffffffffffff";

function link(rel: string, target: string): string {
  return `<${target}>; rel="${rel}"`;
}

/** A URL with some of its query replaced, in alphabetical order as Kratos writes it. */
function withQuery(url: string, replaced: Record<string, string>): string {
  const { pathname, searchParams } = new URL(url, "http://localhost");
  for (const [name, value] of Object.entries(replaced)) searchParams.set(name, value);
  searchParams.sort();
  return `${pathname}?${searchParams}`;
}
