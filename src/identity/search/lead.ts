import { sql } from "kysely";
import type { Reach } from "../../db/connection.ts";
import { snakeCase } from "../../db/snake-case.ts";
import { normaliseIdentifier, normalisePhone } from "../../schema/normalise.ts";
import { typesNamedFrom } from "../kinds/index.ts";
import type { Condition, TraitCondition } from "./condition.ts";
import type { NamingTraits } from "./naming-traits.ts";
import { column, joined, lastCharacter } from "./piece.ts";
import type { Piece } from "./piece.ts";
import { namedTest, testOf } from "./sql.ts";

/** A way to the accounts of a condition by an index: it finds all of them, and perhaps others, as `select ... as id`. */
export interface Lead {
  readonly ids: Piece;
  /** How few it is likely to find: the lowest is tried first. */
  readonly rank: number;
}

/** The ways to the accounts of a condition, the likeliest to be short first; none where no index knows of it. */
export function leadsOf(reach: Reach, condition: Condition, naming: NamingTraits): Lead[] {
  if (condition.kind === "and")
    return condition.parts.flatMap((part) => leadsOf(reach, part, naming)).toSorted((a, b) => a.rank - b.rank);
  if (condition.kind !== "or") return leadTo(reach, condition, naming);
  const arms = condition.parts.map((part) => leadsOf(reach, part, naming)[0]);
  if (!arms.every((arm) => arm !== undefined)) return [];
  return [{ ids: united(arms.map(({ ids }) => ids)), rank: Math.max(...arms.map(({ rank }) => rank)) }];
}

const united = (selects: readonly Piece[]): Piece => joined(selects, " union all ");

function leadTo(reach: Reach, condition: Condition, naming: NamingTraits): Lead[] {
  switch (condition.kind) {
    case "word":
      return [
        {
          ids: ofAccounts(reach, sql`${column(condition.column)} = ${condition.value}`),
          rank: ranks[condition.column],
        },
      ];
    case "moment":
      return [{ ids: ofAccounts(reach, testOf(reach, condition)), rank: condition.ordering === "=" ? 1 : 4 }];
    case "identifier":
      return [{ ids: ofNames(reach, namedTest(condition)), rank: condition.begins ? 1 : 0 }];
    case "factor":
      return [
        {
          ids: sql`select c.identity_id as id from identity_credentials c where c.nid = ${reach.tenant.id} and c.type = ${condition.type}`,
          rank: 3,
        },
      ];
    case "trait":
      return leadOfTrait(reach, condition, naming);
    default:
      return [];
  }
}

const ranks = { id: 0, externalId: 0, organizationId: 2, schemaId: 3, state: 3 } as const;

const ofAccounts = ({ tenant }: Reach, test: Piece): Piece =>
  sql`select i.id from identities i where i.nid = ${tenant.id} and ${test}`;

const ofNames = ({ tenant }: Reach, test: Piece): Piece =>
  sql`select c.identity_id as id from identity_credential_identifiers n join identity_credentials c on c.nid = n.nid and c.id = n.credential_id where n.nid = ${tenant.id} and ${test}`;

/**
 * A trait that names people is found by the names and addresses that were drawn from it. Accounts of schemas in which it names
 * nobody, or that are not configured any more, have to be looked at one by one.
 */
function leadOfTrait(reach: Reach, condition: TraitCondition, naming: NamingTraits): Lead[] {
  if (condition.test !== "equals" && condition.test !== "begins") return [];
  const schemas = naming(condition.path);
  if (schemas.length === 0 || typeof condition.value !== "string") return [];
  const begins = condition.test === "begins";
  const name = begins
    ? normaliseIdentifier(condition.value)
    : (normalisePhone(condition.value) ?? normaliseIdentifier(condition.value));
  // The first digits of a telephone number are no beginning of the form that is stored.
  if (begins && /^[+\d]/.test(name)) return [];
  const value = begins
    ? (of: string) => sql`${sql.raw(of)} >= ${name} and ${sql.raw(of)} < ${name + lastCharacter}`
    : (of: string) => sql`${sql.raw(of)} = ${name}`;
  const addresses = sql`select a.identity_id as id from identity_addresses a where a.nid = ${reach.tenant.id} and a.purpose in ('verification', 'recovery') and a.via in ('email', 'sms') and ${value("a.value")}`;
  const types = joined(
    typesNamedFrom("traits").map((type) => sql`${type}`),
    ", ",
  );
  const names = ofNames(reach, sql`n.type in (${types}) and ${value("n.identifier")}`);
  const others = ofAccounts(reach, outside(snakeCase("schemaId"), schemas));
  return [{ ids: united([names, addresses, others]), rank: begins ? 1 : 0 }];
}

/** That a column holds none of these words: as ranges, which an index knows. */
function outside(name: string, words: readonly string[]): Piece {
  const ordered = words.toSorted((a, b) => (a < b ? -1 : 1));
  const of = sql.raw(`i.${name}`);
  const between = ordered.slice(1).map((word, at) => sql`(${of} > ${ordered[at]} and ${of} < ${word})`);
  return sql`(${joined([sql`${of} < ${ordered[0]}`, ...between, sql`${of} > ${ordered.at(-1)}`], " or ")})`;
}
