import type { ListIdentitiesRequest } from "#gen/ostiary/admin/v1/identity_service_pb.js";
import type { Context } from "../../context.ts";
import { isUuid } from "../../db/id.ts";
import { firstId, keysetLink, numberedHeaders } from "../../db/pages.ts";
import { ErrorReason, problem } from "../../errors.ts";
import { countIdentities, listIdentities } from "../../identity/list.ts";
import type { IdentityFilter } from "../../identity/list.ts";
import { normaliseIdentifier } from "../../schema/normalise.ts";
import { findByFilter, isSearch } from "./identity-search.ts";
import type { IdentitiesFound } from "./identity-search.ts";

const defaultSize = 250;
const largestSize = 500;
const mostIds = 500;
const furthestNumbered = 1000;

/** Finds the page of identities that a request asks for, and says in the headers how to go on. */
export function findIdentities(ctx: Context, request: ListIdentitiesRequest): Promise<IdentitiesFound> {
  if (isSearch(request)) return findByFilter(ctx, request, sizeOf(request.pageSize));
  const filter = filterOf(request);
  const withCredentials =
    request.includeCredential.length > 0 || filter.kind === "identifier" || filter.kind === "similar";
  const numbered = request.page !== 0 || request.perPage !== 0;
  return numbered ? byNumber(ctx, request, filter, withCredentials) : byToken(ctx, request, filter, withCredentials);
}

function filterOf(request: ListIdentitiesRequest): IdentityFilter {
  const { ids, credentialsIdentifier, previewCredentialsIdentifierSimilar: similar, organizationId } = request;
  const filters: IdentityFilter[] = [];
  if (ids.length > 0) filters.push({ kind: "ids", ids: ids.map((id) => uuidOf(id, "ids")) });
  if (credentialsIdentifier)
    filters.push({
      kind: "identifier",
      raw: credentialsIdentifier,
      normalised: normaliseIdentifier(credentialsIdentifier),
    });
  if (similar) filters.push({ kind: "similar", prefix: normaliseIdentifier(similar) });
  if (organizationId) filters.push({ kind: "organization", id: uuidOf(organizationId, "organization_id") });
  if (filters.length > 1) throw refuse("Only one filter can be used at a time.");
  if (ids.length > mostIds) throw refuse(`At most ${mostIds} ids can be requested at once.`);
  return filters[0] ?? { kind: "all" };
}

function uuidOf(text: string, parameter: string): string {
  if (!isUuid(text)) throw refuse(`The value ${JSON.stringify(text)} of the parameter ${parameter} is not a UUID.`);
  return text.toLowerCase();
}

const sizeOf = (asked: number) => (asked < 1 ? defaultSize : Math.min(asked, largestSize));

async function byToken(
  ctx: Context,
  request: ListIdentitiesRequest,
  filter: IdentityFilter,
  withCredentials: boolean,
): Promise<IdentitiesFound> {
  const after = request.pageToken || firstId;
  if (!isUuid(after)) throw refuse("The page token is invalid.");
  const size = sizeOf(request.pageSize);
  const found = await listIdentities(
    ctx,
    filter,
    { after: after.toLowerCase(), offset: 0, limit: size + 1 },
    withCredentials,
  );
  const identities = found.slice(0, size);
  const next = found.length > size ? identities.at(-1)!.id : "";
  ctx.call.reply.headers.set("link", keysetLink(ctx.call.url, { size, first: firstId, next }));
  return { identities, nextPageToken: next, totalSize: 0 };
}

async function byNumber(
  ctx: Context,
  request: ListIdentitiesRequest,
  filter: IdentityFilter,
  withCredentials: boolean,
): Promise<IdentitiesFound> {
  const size = sizeOf(request.perPage);
  const page = Math.max(request.page, 0);
  const offset = page * size;
  if (offset > furthestNumbered)
    throw refuse(`Numbered pages end after ${furthestNumbered} identities. Use page_token and page_size instead.`);
  const [identities, total] = await Promise.all([
    listIdentities(ctx, filter, { after: firstId, offset, limit: size }, withCredentials),
    countIdentities(ctx, filter),
  ]);
  const { link, totalCount } = numberedHeaders(ctx.call.url, { page, size }, total);
  ctx.call.reply.headers.set("link", link);
  ctx.call.reply.headers.set("x-total-count", totalCount);
  const next = offset + size < total ? identities.at(-1)?.id : undefined;
  return { identities, nextPageToken: next ?? "", totalSize: total };
}

const refuse = (reason: string) => problem(ErrorReason.BAD_REQUEST, { reason });
