// Fills an empty database of PostgreSQL's with accounts and three sessions for each, as the server writes them:
// `OSTIARY_BENCH_DSN=postgres://... node bench/seed.ts 1000000`. The database makes the rows itself, without indexes.
import pg from "pg";
import type { Config } from "../src/config/config.ts";
import { createHash } from "../src/crypto/hash.ts";
import { migrateUp } from "../src/db/migrate.ts";
import { defaultTenant } from "../src/tenant.ts";

/** How the passwords are hashed: as cheaply as can be, so that what is measured is all the rest. */
export const seededHashers = { algorithm: "bcrypt", bcrypt: { cost: 4 } } as const;

/** The password of every seeded account. */
export const seededPassword = "correct horse battery";
/** How many sessions there are for each account. */
export const sessionsEach = 3;

/** The address of a seeded account, by its number from 1. */
export const seededEmail = (n: number): string => `person${n}@example.org`;
/** The token of a seeded session, by its number from 1. A third of them, the first, have expired; of the others every seventh was revoked. */
export const seededToken = (n: number): string => `ory_st_seeded${n}`;

/** How the rows of each table come from a number `n`: their times and ids in the order of the numbers. */
const tables: readonly { readonly name: string; readonly each: number; readonly row: string }[] = [
  {
    name: "identities (id, nid, created_at, updated_at, schema_id, state, state_changed_at, traits, verifiable_addresses, recovery_addresses, has_verified_address, organization_id)",
    each: 1,
    row: `id7(born(n), 'i' || n), $nid, born(n), born(n), 'person', 'active', born(n), jsonb_build_object('email', mail(n)),
      jsonb_build_array(address(n, 'verification') || jsonb_build_object('verified', true, 'status', 'completed', 'verified_at', rfc3339(born(n)))),
      jsonb_build_array(address(n, 'recovery')), true, case when n <= 1000 then id7(0, 'organization' || (n - 1) / 100) end`,
  },
  {
    name: "identity_credentials (id, nid, created_at, updated_at, identity_id, type, config)",
    each: 1,
    row: "id7(born(n), 'c' || n), $nid, born(n), born(n), id7(born(n), 'i' || n), 'password', jsonb_build_object('hashed_password', $hash)",
  },
  {
    name: "identity_credential_identifiers (id, nid, created_at, updated_at, credential_id, type, identifier)",
    each: 1,
    row: "id7(born(n), 'n' || n), $nid, born(n), born(n), id7(born(n), 'c' || n), 'password', mail(n)",
  },
  ...(["verification", "recovery"] as const).map((purpose) => ({
    name: "identity_addresses (id, nid, created_at, updated_at, identity_id, purpose, via, value)",
    each: 1,
    row: `id7(born(n), '${purpose}' || n), $nid, born(n), born(n), id7(born(n), 'i' || n), '${purpose}', 'email', mail(n)`,
  })),
  {
    name: "sessions (id, nid, created_at, updated_at, identity_id, token_hash, active, aal, methods, authenticated_at, issued_at, expires_at, last_seen_at)",
    each: sessionsEach,
    row: `id7(begun(n), 's' || n), $nid, begun(n), begun(n), id7(born(owner(n)), 'i' || owner(n)), token(n), n % 7 <> 0, 1,
      jsonb_build_array(jsonb_build_object('method', 'password', 'aal', 'aal1', 'completed_at', '2026-01-01T00:00:00Z')),
      begun(n), begun(n), begun(n) + $lifespan, begun(n)`,
  },
  {
    name: "session_devices (id, nid, created_at, updated_at, session_id, ip_address, user_agent, location)",
    each: sessionsEach,
    row: `id7(begun(n), 'd' || n), $nid, begun(n), begun(n), id7(begun(n), 's' || n), '192.0.2.' || n % 250,
      'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0', ''`,
  },
];

const yearMs = 365 * 24 * 3_600_000;
const monthMs = 30 * 24 * 3_600_000;

/** Accounts are two years old at most, sessions a month and a half, of which they last one. */
const functions = (count: number, now: number) => `
  create function pg_temp.id7(ms bigint, seed text) returns uuid language sql immutable as $$
    select (left(h, 8) || '-' || substr(h, 9, 4) || '-7' || substr(m, 1, 3) || '-8' || substr(m, 4, 3) || '-' || substr(m, 7, 12))::uuid
    from (select lpad(to_hex(ms), 12, '0') as h, md5(seed) as m) x $$;
  create function pg_temp.born(n bigint) returns bigint language sql immutable as
    $$ select ${now - 2 * yearMs} + n * ${2 * yearMs} / ${count} $$;
  create function pg_temp.begun(n bigint) returns bigint language sql immutable as
    $$ select ${now - 1.5 * monthMs} + n * ${1.5 * monthMs} / ${count * sessionsEach} $$;
  create function pg_temp.owner(n bigint) returns bigint language sql immutable as $$ select 1 + n * 7919 % ${count} $$;
  create function pg_temp.mail(n bigint) returns text language sql immutable as $$ select 'person' || n || '@example.org' $$;
  create function pg_temp.rfc3339(ms bigint) returns text language sql immutable as
    $$ select to_char(to_timestamp(ms / 1000.0) at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') $$;
  create function pg_temp.address(n bigint, purpose text) returns jsonb language sql immutable as
    $$ select jsonb_build_object('id', pg_temp.id7(pg_temp.born(n), purpose || n), 'value', pg_temp.mail(n), 'via', 'email',
      'created_at', pg_temp.rfc3339(pg_temp.born(n)), 'updated_at', pg_temp.rfc3339(pg_temp.born(n))) $$;
  create function pg_temp.token(n bigint) returns text language sql immutable as
    $$ select encode(sha256(('ory_st_seeded' || n)::bytea), 'hex') $$;`;

/** Fills a migrated database with so many accounts: a million takes 4 GB, and minutes. */
export async function seed(dsn: string, count: number): Promise<void> {
  const client = new pg.Client({ connectionString: dsn });
  await client.connect();
  try {
    const hash = await createHash(seededPassword, seededHashers as unknown as Config["hashers"]);
    const { rows: indexes } = await client.query<{ indexname: string; indexdef: string }>(
      "select indexname, indexdef from pg_indexes where schemaname = 'public' and tablename = any($1) and indexname not like '%pkey'",
      [tables.map(({ name }) => name.split(" ")[0])],
    );
    // A load, not a guarded store: whatever is lost begins anew.
    await client.query(
      "set synchronous_commit = off; set session_replication_role = replica; set maintenance_work_mem = '512MB'",
    );
    for (const { indexname } of indexes) await client.query(`drop index ${indexname}`);
    await client.query(functions(count, Date.now()));
    for (const { name, each, row } of tables) {
      const values = row
        .replaceAll("$nid", `'${defaultTenant.id}'::uuid`)
        .replaceAll("$hash", client.escapeLiteral(hash) + "::text")
        .replaceAll("$lifespan", String(monthMs))
        .replaceAll(/\b(id7|born|begun|owner|mail|token|rfc3339|address)\(/g, "pg_temp.$1(");
      await client.query(`insert into ${name} select ${values} from generate_series(1::bigint, ${count * each}) n`);
    }
    await client.query("insert into account_totals (id, nid, active, inactive) values ('0', $1, $2, 0)", [
      defaultTenant.id,
      count,
    ]);
    for (const { indexdef } of indexes) await client.query(indexdef);
    await client.query("vacuum analyze");
  } finally {
    await client.end();
  }
}

if (import.meta.main) {
  const dsn = process.env["OSTIARY_BENCH_DSN"];
  const count = Number(process.argv[2]);
  if (!dsn?.startsWith("postgres") || !(count > 0))
    throw new Error("give OSTIARY_BENCH_DSN=postgres://... and a number");
  await migrateUp(dsn);
  await seed(dsn, count);
}
