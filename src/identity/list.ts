import type { Context } from "../context.ts";
import { inEveryDialect, texts } from "../db/json-sql.ts";
import type { JsonSql } from "../db/json-sql.ts";
import { statement } from "../db/statement.ts";
import type { Dialect, Statement } from "../db/statement.ts";
import { typesNamedFrom } from "./kinds/index.ts";
import { credentialColumns, decodeCredentials, decodeIdentity, decodeShown, identityColumns } from "./rows.ts";
import type { IdentityColumns, IdentityRow, IdentityWithCredentialsRow, ShownIdentity } from "./rows.ts";

/** Which identities are meant. At most one of these is set. */
export type IdentityFilter =
  | { readonly kind: "all" }
  | { readonly kind: "ids"; readonly ids: readonly string[] }
  /** Exact: as it is for accounts at providers, in its normal form for all else. */
  | { readonly kind: "identifier"; readonly raw: string; readonly normalised: string }
  | { readonly kind: "similar"; readonly prefix: string }
  | { readonly kind: "organization"; readonly id: string };

/** Where a page of identities begins, and how many it holds. */
export interface IdentityPage {
  /** The id before the first one. */
  readonly after: string;
  readonly offset: number;
  readonly limit: number;
}

const found =
  "i.id in (select c.identity_id from identity_credential_identifiers n join identity_credentials c on c.nid = n.nid and c.id = n.credential_id where n.nid = ? and ";

/** Behind all that any name goes on with, in the order of code points: Unicode gives it to no character. */
const lastCharacter = "\u{10ffff}";

const idList: Record<Dialect, string> = {
  sqlite: "i.id in (select value from json_each(?))",
  postgresql: "i.id in (select listed.id::uuid from json_array_elements_text(?::json) as listed(id))",
  mysql:
    "i.id in (select listed.id from json_table(?, '$[*]' columns (id char(36) character set ascii collate ascii_bin path '$')) listed)",
};

const [byTraits, byProvider] = [texts(typesNamedFrom("traits")), texts(typesNamedFrom("provider"))];

const conditions: Record<IdentityFilter["kind"], (dialect: Dialect) => string> = {
  all: () => "1 = 1",
  ids: (dialect) => idList[dialect],
  identifier: () =>
    `${found}((n.type in (${byTraits}) and n.identifier = ?) or (n.type in (${byProvider}) and n.identifier = ?)))`,
  // A pattern that is not known when the statement is planned leads to no part of the index: its bounds do.
  similar: () =>
    `${found}n.type in (${byTraits}) and n.identifier >= ? and n.identifier < ? and n.identifier like ? escape '!')`,
  organization: () => "i.organization_id = ?",
};

interface Lists {
  readonly page: Statement;
  readonly pageWithCredentials: Statement;
  readonly count: Statement;
}

const lists = Object.fromEntries(
  Object.entries(conditions).map(([kind, condition]) => [kind, listsOf(kind, condition)]),
) as unknown as Record<IdentityFilter["kind"], Lists>;

function listsOf(kind: string, condition: (dialect: Dialect) => string): Lists {
  const page = (columns: (sql: JsonSql) => string) =>
    inEveryDialect(
      (sql, dialect) =>
        `select ${columns(sql)} from identities i where i.nid = ? and ${condition(dialect)} and i.id > ? order by i.id limit ? offset ?`,
    );
  return {
    page: statement(`identities_by_${kind}`, page(identityColumns)),
    pageWithCredentials: statement(
      `identities_by_${kind}_with_credentials`,
      page((sql) => `${identityColumns(sql)}, ${credentialColumns(sql)}`),
    ),
    count: statement(
      `count_identities_by_${kind}`,
      inEveryDialect(
        (_, dialect) => `select count(*) as total from identities i where i.nid = ? and ${condition(dialect)}`,
      ),
    ),
  };
}

function parameters({ tenant }: Context, filter: IdentityFilter): string[] {
  switch (filter.kind) {
    case "all":
      return [tenant.id];
    case "ids":
      return [tenant.id, JSON.stringify(filter.ids)];
    case "identifier":
      return [tenant.id, tenant.id, filter.normalised, filter.raw];
    case "similar":
      return [
        tenant.id,
        tenant.id,
        filter.prefix,
        `${filter.prefix}${lastCharacter}`,
        `${filter.prefix.replaceAll(/[!%_]/g, "!$&")}%`,
      ];
    case "organization":
      return [tenant.id, filter.id];
  }
}

type Columns = IdentityColumns & { credentials: string | null };

/** An identity of a list: with its credentials if they are asked for; else, over REST, as it is only shown. */
export type ListedIdentity = IdentityRow | IdentityWithCredentialsRow | ShownIdentity;

/** A page of identities in the order of their ids, with their credentials if they are asked for. */
export async function listIdentities(
  ctx: Context,
  filter: IdentityFilter,
  { after, limit, offset }: IdentityPage,
  withCredentials: boolean,
): Promise<ListedIdentity[]> {
  const { page, pageWithCredentials } = lists[filter.kind];
  const rows = await ctx.db.read<Columns>(withCredentials ? pageWithCredentials : page, [
    ...parameters(ctx, filter),
    after,
    limit,
    offset,
  ]);
  return withCredentials
    ? rows.map((row) => ({ ...decodeIdentity(row), credentials: decodeCredentials(row.credentials) }))
    : rows.map<ListedIdentity>(ctx.call.protocol === "rest" ? decodeShown : decodeIdentity);
}

/** How many identities there are on all pages. */
export async function countIdentities(ctx: Context, filter: IdentityFilter): Promise<number> {
  const [row] = await ctx.db.read<{ total: number }>(lists[filter.kind].count, parameters(ctx, filter));
  return Number(row!.total);
}
