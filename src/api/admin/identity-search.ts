import type { ListIdentitiesRequest } from "#gen/ostiary/admin/v1/identity_service_pb.js";
import type { Context } from "../../context.ts";
import { keysetLink } from "../../db/pages.ts";
import { ErrorReason, problem } from "../../errors.ts";
import type { ListedIdentity } from "../../identity/list.ts";
import { conditionOf } from "../../identity/search/fields.ts";
import { listName, parseOrder, placeToken, readPlace } from "../../identity/search/order.ts";
import { parseFilter } from "../../identity/search/parser.ts";
import { FilterRefused } from "../../identity/search/refused.ts";
import { searchIdentities } from "../../identity/search/search.ts";

/** A page of identities as it was found. */
export interface IdentitiesFound {
  readonly identities: readonly ListedIdentity[];
  readonly nextPageToken: string;
  readonly totalSize: number;
}

/** Whether a request asks for a search: what Kratos' lists do not know. */
export const isSearch = ({ filter, orderBy }: ListIdentitiesRequest): boolean => filter.trim() !== "" || orderBy !== "";

/** Finds the page of identities that a filter and an order ask for, and says in the headers how to go on. */
export async function findByFilter(
  ctx: Context,
  request: ListIdentitiesRequest,
  size: number,
): Promise<IdentitiesFound> {
  const { filter, orderBy, pageToken } = request;
  const older = olderFilter(request);
  if (older) throw refuse(`The parameter ${older} cannot be used together with filter or order_by.`);
  const condition = filter.trim() ? understood("filter", () => conditionOf(parseFilter(filter))) : undefined;
  const order = understood("order_by", () => parseOrder(orderBy));
  const list = listName(filter.trim(), orderBy.trim());
  const after = pageToken ? readPlace(list, pageToken) : undefined;
  if (pageToken && !after) throw refuse("The page token is invalid, or belongs to another filter or order.");
  const { identities, next } = await searchIdentities(ctx, { condition, order, after, limit: size });
  const nextPageToken = next ? placeToken(list, next) : "";
  ctx.call.reply.headers.set("link", keysetLink(ctx.call.url, { size, first: "", next: nextPageToken }));
  return { identities, nextPageToken, totalSize: 0 };
}

/** The parameter of an older list that a request names as well. */
function olderFilter(request: ListIdentitiesRequest): string | undefined {
  const named: Readonly<Record<string, boolean>> = {
    ids: request.ids.length > 0,
    credentials_identifier: request.credentialsIdentifier !== "",
    preview_credentials_identifier_similar: request.previewCredentialsIdentifierSimilar !== "",
    organization_id: request.organizationId !== "",
    include_credential: request.includeCredential.length > 0,
    page: request.page !== 0,
    per_page: request.perPage !== 0,
  };
  return Object.keys(named).find((name) => named[name]);
}

function understood<T>(parameter: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof FilterRefused)) throw error;
    throw refuse(`The parameter ${parameter} cannot be understood at position ${error.at}: ${error.message}.`);
  }
}

const refuse = (reason: string) => problem(ErrorReason.BAD_REQUEST, { reason });
