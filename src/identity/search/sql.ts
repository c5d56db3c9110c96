import { sql } from "kysely";
import type { Reach } from "../../db/connection.ts";
import { typesNamedFrom } from "../kinds/index.ts";
import type { Condition, Ordering } from "./condition.ts";
import { column, joined, lastCharacter } from "./piece.ts";
import type { Piece } from "./piece.ts";
import { traitTest } from "./trait-sql.ts";

const comparing = (ordering: Ordering): Piece => sql.raw(ordering);

/** What an account `i` has to be for a condition. It is never null, so that its opposite can be asked for. */
export function testOf(reach: Reach, condition: Condition): Piece {
  switch (condition.kind) {
    case "and":
    case "or":
      return sql`(${joined(
        condition.parts.map((part) => testOf(reach, part)),
        ` ${condition.kind} `,
      )})`;
    case "not":
      return sql`not ${testOf(reach, condition.part)}`;
    case "word":
      return sql`(${column(condition.column)} is not null and ${column(condition.column)} = ${condition.value})`;
    case "present":
      return condition.column === "lastSignInAt"
        ? sql`(i.last_sign_in_at > 0)`
        : sql`(${column(condition.column)} is not null)`;
    case "moment":
      return momentTest(condition);
    case "verified":
      return sql`(i.has_verified_address = ${true})`;
    case "factor":
      return sql`exists (select 1 from identity_credentials c where c.nid = ${reach.tenant.id} and c.identity_id = i.id and c.type = ${condition.type} and c.config <> '{}')`;
    case "identifier":
      return sql`exists (select 1 from identity_credentials c join identity_credential_identifiers n on n.nid = c.nid and n.credential_id = c.id where c.nid = ${reach.tenant.id} and c.identity_id = i.id and ${namedTest(condition)})`;
    case "trait":
      return traitTest(reach.db.dialect, condition);
  }
}

/** Who has never signed in did so before nothing and after nothing. */
function momentTest({ column: of, ordering, ms }: Extract<Condition, { kind: "moment" }>): Piece {
  const compared = sql`${column(of)} ${comparing(ordering)} ${ms}`;
  return of === "lastSignInAt" ? sql`(i.last_sign_in_at > 0 and ${compared})` : sql`(${compared})`;
}

/** What a name `n` has to be. Its beginning is found by two bounds, since a pattern leads to no part of an index. */
export function namedTest({ name, begins }: { readonly name: string; readonly begins: boolean }): Piece {
  const types = joined(
    typesNamedFrom("traits").map((type) => sql`${type}`),
    ", ",
  );
  return begins
    ? sql`n.type in (${types}) and n.identifier >= ${name} and n.identifier < ${name + lastCharacter}`
    : sql`n.type in (${types}) and n.identifier = ${name}`;
}
