import { generateKeyPair } from "node:crypto";
import type { JsonWebKey } from "node:crypto";
import { promisify } from "node:util";
import { createBoundedCache } from "../bounded-cache.ts";
import type { BoundedCache } from "../bounded-cache.ts";
import type { Config } from "../config/config.ts";
import type { Context } from "../context.ts";
import { publicJwkOf, readSigningKey } from "../crypto/jws.ts";
import type { PublicJwk, SigningKey } from "../crypto/jws.ts";
import type { Database } from "../db/connection.ts";
import { isUniqueViolation } from "../db/failure.ts";
import { uuidv7 } from "../db/id.ts";
import { change, find, insert, remove } from "../db/query.ts";
import type { RowOf } from "../db/table.ts";
import { openKept, sealKept } from "./seal-kept.ts";
import { signingKeys } from "./entities.ts";

type KeyRow = RowOf<typeof signingKeys>;

/** How the keys of a ring are configured. */
export interface RingSettings {
  readonly algorithm: "ES256" | "EdDSA" | "RS256";
  /** In milliseconds. */
  readonly rotate_every: number;
  /** Keys from before this moment do not count. */
  readonly made_after?: string | undefined;
}

/** What a ring of keys is for. */
export interface KeyPurpose {
  /** Its name in the database, of 16 characters at most. */
  readonly name: string;
  settings(config: Config): RingSettings;
  /** How long each kind of token lives that its keys sign, in milliseconds; none where nothing is signed. */
  lives(config: Config): readonly number[];
}

/** A key of the server's own. */
interface OwnKey {
  readonly row: KeyRow;
  /** None where it was sealed by a secret that this server does not have. */
  readonly jwk: JsonWebKey | undefined;
  /** The same key, ready to sign. */
  readonly signing: SigningKey | undefined;
}

interface Kept {
  readonly at: number;
  readonly settings: RingSettings;
  readonly secrets: Context["config"]["secrets"];
  readonly ring: Promise<readonly OwnKey[]>;
}

/** How long a key is published before it signs, and a server may go on with one that another key has taken the place of. */
const leadMs = 600_000;
/** How long a server does not ask whether another one has made a key. With the time that verifiers keep them, less than the lead. */
const freshMs = 30_000;
const mostRings = 4096;

const caches = new WeakMap<Database, BoundedCache<string, Kept>>();

/** The key of the tenant that signs by now. It is published for as long as a token that lives so long may be shown. */
export async function ownSigningKey(ctx: Context, purpose: KeyPurpose, livesMs: number): Promise<SigningKey> {
  const { row, signing } = current(await ringOf(ctx, purpose), ctx.now().getTime())!;
  if (livesMs > row.tokensLast) await prolong(ctx, row, livesMs);
  return signing!;
}

/** The public halves of the tenant's keys: of those that sign, that will, and whose tokens may still be shown. */
export async function ownPublicKeys(ctx: Context, purpose: KeyPurpose): Promise<readonly PublicJwk[]> {
  return unspent(await ringOf(ctx, purpose), ctx).map(({ row }) => row.publicKey);
}

/**
 * The same keys with their private halves, for a library that signs by itself: first the one that signs by now, and never
 * one that this server cannot open.
 */
export async function ownPrivateKeys(ctx: Context, purpose: KeyPurpose): Promise<readonly JsonWebKey[]> {
  const longest = Math.max(...purpose.lives(ctx.config));
  await ownSigningKey(ctx, purpose, longest);
  const ring = await ringOf(ctx, purpose);
  const first = current(ring, ctx.now().getTime())!;
  return [first, ...unspent(ring, ctx).filter((key) => key !== first)].flatMap(({ jwk, row }) =>
    jwk ? { ...jwk, kid: row.publicKey.kid, use: "sig" } : [],
  );
}

const unspent = (ring: readonly OwnKey[], ctx: Context): readonly OwnKey[] =>
  ring.filter(({ row }) => !isSpent(ring, row, ctx.now().getTime()));

function ringOf(ctx: Context, purpose: KeyPurpose): Promise<readonly OwnKey[]> {
  const settings = purpose.settings(ctx.config);
  const { secrets } = ctx.config;
  const { database } = ctx.db;
  const at = ctx.now().getTime();
  const cache = caches.get(database) ?? createBoundedCache<string, Kept>(mostRings);
  caches.set(database, cache);
  const name = `${ctx.tenant.id} ${purpose.name}`;
  const kept = cache.get(name);
  if (kept && kept.settings === settings && kept.secrets === secrets && at - kept.at < freshMs) return kept.ring;
  const ring = soundRing(ctx, purpose);
  cache.set(name, { at, settings, secrets, ring });
  ring.catch(() => cache.delete(name));
  return ring;
}

/** The keys that count, the newest last, among them one that signs: a missing one is made, and the next one in time. */
async function soundRing(ctx: Context, purpose: KeyPurpose): Promise<readonly OwnKey[]> {
  const rows = await find({ db: ctx.db.database, tenant: ctx.tenant }, signingKeys, (query) =>
    query.where("purpose", "=", purpose.name).orderBy("generation"),
  );
  const settings = purpose.settings(ctx.config);
  const now = ctx.now().getTime();
  const ring = rows.filter((row) => counts(row, settings, now)).map((row) => opened(ctx, row));
  const signsFrom = nextSignsFrom(ring, settings, now);
  // Where nothing is signed any more, only those that have signed are still of use.
  if (signsFrom === undefined || purpose.lives(ctx.config).length === 0) return ring;
  const spent = rows.filter((row) => !counts(row, settings, now) || isSpent(ring, row, now));
  const generation = (rows.at(-1)?.generation ?? 0) + 1;
  await addKey(ctx, purpose, { generation, signsFrom }, spent);
  return soundRing(ctx, purpose);
}

/** Keys from before a moment that has come may be in somebody else's hands. */
const counts = ({ createdAt }: KeyRow, { made_after: since }: RingSettings, now: number): boolean =>
  since === undefined || Date.parse(since) > now || createdAt.getTime() >= Date.parse(since);

function opened(ctx: Context, row: KeyRow): OwnKey {
  const jwk = openKept<JsonWebKey>(ctx, row.privateKey);
  if (!jwk)
    ctx.log.error("a key that signs tokens was sealed by a secret that this server does not have", {
      purpose: row.purpose,
      kid: row.publicKey.kid,
    });
  return { row, jwk, signing: jwk && readSigningKey(jwk) };
}

/** The newest key whose time has come. */
const current = (ring: readonly OwnKey[], now: number): OwnKey | undefined =>
  ring.findLast(({ row, signing }) => signing && row.signsFrom.getTime() <= now);

/** When a key that has to be made shall begin to sign; undefined where none is missing. */
function nextSignsFrom(
  ring: readonly OwnKey[],
  { algorithm, rotate_every: everyMs }: RingSettings,
  now: number,
): Date | undefined {
  const signing = current(ring, now);
  if (!signing) return new Date(now);
  const newest = ring.findLast((key) => key.signing)!;
  // What is known to all verifiers by then: they need not ask in between.
  const soonest = now + leadMs;
  if (newest.signing!.alg !== algorithm) return new Date(soonest);
  const due = newest.row.signsFrom.getTime() + everyMs;
  return soonest >= due ? new Date(Math.max(soonest, due)) : undefined;
}

/** Whether a key has nothing more to prove: another one signs, and its last token has run out. */
function isSpent(ring: readonly OwnKey[], { generation, tokensLast }: KeyRow, now: number): boolean {
  const next = ring.find(({ row, signing }) => signing && row.generation > generation);
  return next !== undefined && next.row.signsFrom.getTime() + leadMs + tokensLast < now;
}

const kinds = {
  ES256: () => promisify(generateKeyPair)("ec", { namedCurve: "P-256" }),
  EdDSA: () => promisify(generateKeyPair)("ed25519", {}),
  RS256: () => promisify(generateKeyPair)("rsa", { modulusLength: 2048 }),
};

/** Makes a key. Where another server has made that one meanwhile, it counts and not this. */
async function addKey(
  ctx: Context,
  purpose: KeyPurpose,
  place: Pick<KeyRow, "generation" | "signsFrom">,
  spent: readonly KeyRow[],
): Promise<void> {
  const { algorithm } = purpose.settings(ctx.config);
  const { privateKey } = await kinds[algorithm]();
  const jwk = { ...privateKey.export({ format: "jwk" }), alg: algorithm };
  const now = ctx.now();
  try {
    await ctx.tx(async (tx) => {
      await insert(tx, signingKeys, [
        {
          ...place,
          purpose: purpose.name,
          id: uuidv7(now.getTime()),
          createdAt: now,
          updatedAt: now,
          publicKey: publicJwkOf(jwk),
          privateKey: sealKept(tx, JSON.stringify(jwk)),
          tokensLast: Math.max(...purpose.lives(ctx.config)),
        },
      ]);
      const ids = spent.map(({ id }) => id);
      if (ids.length) await remove(tx, signingKeys, (query) => query.where("id", "in", ids));
    });
  } catch (error) {
    if (!isUniqueViolation(error)) throw error;
  }
}

/** Notes that a key's tokens may live longer than was known, and more than asked for: each token may ask for a little more. */
async function prolong(ctx: Context, row: KeyRow, livesMs: number): Promise<void> {
  const tokensLast = Math.max(livesMs, 2 * row.tokensLast);
  await change(ctx, signingKeys, { tokensLast, updatedAt: ctx.now() }, (query) =>
    query.where("id", "=", row.id).where("tokensLast", "<", tokensLast),
  );
  row.tokensLast = tokensLast;
}
