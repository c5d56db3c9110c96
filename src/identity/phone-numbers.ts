import type { Context } from "../context.ts";
import type { Reach } from "../db/connection.ts";
import { uuidv7 } from "../db/id.ts";
import { type Statement, statement } from "../db/statement.ts";
import { normalisePhone } from "../schema/normalise.ts";
import type { IdentityWithCredentialsRow } from "./rows.ts";
import { changeIdentity } from "./write.ts";

/** Where phone numbers are that people are found by, by the names that Kratos' command has for them. */
export const phoneTables = {
  ci: {
    title: "Credential identifiers",
    page: statement(
      "phone_identifiers",
      "select n.id, c.identity_id, n.identifier as value from identity_credential_identifiers n join identity_credentials c on c.nid = n.nid and c.id = n.credential_id where n.nid = ? and n.id > ? and n.identifier like '+%' order by n.id limit ?",
    ),
  },
  va: { title: "Verifiable addresses", page: addressPage("verification") },
  ra: { title: "Recovery addresses", page: addressPage("recovery") },
} as const;

function addressPage(purpose: "verification" | "recovery"): Statement {
  return statement(
    `phone_addresses_${purpose}`,
    `select id, identity_id, value from identity_addresses where nid = ? and id > ? and purpose = '${purpose}' and via = 'sms' and value like '+%' order by id limit ?`,
  );
}

/** One of these tables. */
export type PhoneTable = keyof typeof phoneTables;

/** A row of one of them. */
export interface PhoneRow {
  readonly id: string;
  readonly identity_id: string;
  readonly value: string;
}

/** Rows that begin like a phone number, in the order of their ids. */
export const phonePage = (
  { db, tenant }: Reach,
  table: PhoneTable,
  after: string,
  limit: number,
): Promise<PhoneRow[]> => db.read<PhoneRow>(phoneTables[table].page, [tenant.id, after, limit]);

/** A value by E.164; undefined where it is so already, or no phone number: accounts at providers may begin with a plus as well. */
export function unlikeE164(value: string): string | undefined {
  const normal = /^\+[\d\s\-().]+$/.test(value) ? normalisePhone(value) : undefined;
  return normal === value ? undefined : normal;
}

/** Writes all phone numbers that an identity is found by, and the traits that they come from, by E.164. Says how that ended. */
export async function normalisePhonesOf(ctx: Context, identityId: string): Promise<"written" | "conflict" | "gone"> {
  const cause = { reason: "migrate.phone_numbers", actor: { kind: "system" } } as const;
  const written = await changeIdentity(ctx, identityId, cause, (before) => normalised(before, ctx.now()));
  return written?.kind ?? "gone";
}

const byE164 = (value: string): string => unlikeE164(value) ?? value;

function normalised(before: IdentityWithCredentialsRow, now: Date): IdentityWithCredentialsRow {
  return {
    ...before,
    traits: normalisedTraits(before.traits) as Record<string, unknown>,
    credentials: before.credentials.map((credential) => ({
      ...credential,
      identifiers: [...new Set(credential.identifiers.map(byE164))],
    })),
    verifiableAddresses: normalisedAddresses(before.verifiableAddresses, now),
    recoveryAddresses: normalisedAddresses(before.recoveryAddresses, now),
    updatedAt: now,
  };
}

/** An address that becomes another one is found by a row of its own. Of two that become the same, the one that has it already stays. */
function normalisedAddresses<T extends { id: string; via: string; value: string; updatedAt: Date }>(
  held: readonly T[],
  now: Date,
): T[] {
  const isNormal = ({ via, value }: T) => via !== "sms" || unlikeE164(value) === undefined;
  const kept = held.filter(isNormal);
  for (const address of held.filter((one) => !isNormal(one))) {
    const value = byE164(address.value);
    if (kept.some((one) => one.via === address.via && one.value === value)) continue;
    kept.push({ ...address, id: uuidv7(now.getTime()), value, updatedAt: now });
  }
  return kept;
}

function normalisedTraits(value: unknown): unknown {
  if (typeof value === "string") return byE164(value);
  if (Array.isArray(value)) return value.map(normalisedTraits);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, normalisedTraits(member)]));
}
