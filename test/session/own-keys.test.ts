import assert from "node:assert/strict";
import { signingKeys } from "../../src/tenant/entities.ts";
import type { Json } from "../support/client.ts";
import { written } from "../support/mapper.ts";
import { atOnce, password, signedIn } from "../support/person.ts";
import { rowsOf } from "../support/rows.ts";
import { onTwoServers } from "../support/servers.ts";
import { checked, keysOf, tokenOf, tokensBy } from "../support/tokens.ts";
import { makePerson, makeTenant, signIn } from "../tenants/world.ts";

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
// Of two hours, which the mapper makes of a minute.
const long = { claims_mapper_url: written("{ claims: { exp: std.extVar('claims').exp + 7140 } }") };
const config = tokensBy({ short: {}, long }, { own_keys: { rotate_every: "24h" } });
const idsOf = ({ keys }: Json): string[] => keys.map(({ kid }: Json) => kid);

onTwoServers(
  "servers sign by one key of their own, which another takes the place of in time; each token can be checked for as long as it lives",
  async (one, other) => {
    const later = (ms: number) => {
      one.advance(ms);
      other.advance(ms);
    };
    const { id, headers } = await signedIn(one);
    // Of many who make the first key, one does.
    const tokens = await atOnce(6, (at) => tokenOf((at % 2 ? one : other).native, "short", headers));
    const keys = await keysOf(other.native);
    assert.equal(keys.keys.length, 1);
    assert.deepEqual(Object.keys(keys.keys[0]).toSorted(), ["alg", "crv", "kid", "kty", "use", "x", "y"]);
    for (const token of tokens) assert.equal((await checked(keys, token, one)).sub, id);
    assert.deepEqual((await checked(keys, tokens[0]!, one)).header, { alg: "ES256", kid: idsOf(keys)[0], typ: "JWT" });
    const [stored] = await rowsOf(one.app.db, signingKeys);
    assert.match(stored!.privateKey, /^[0-9a-f]+$/);
    assert.doesNotMatch(Buffer.from(stored!.privateKey, "hex").toString(), /kty/, "sealed");

    // The next key is known before it signs.
    later(24 * hourMs - 5 * minuteMs);
    const { headers: again } = await signedIn(one, "kim@example.org");
    const [before, announced] = [await tokenOf(one.native, "long", again), await keysOf(other.native)];
    const [oldId, newId] = idsOf(announced);
    assert.equal(announced.keys.length, 2);
    assert.equal((await checked(announced, before, one)).header.kid, oldId);
    later(10 * minuteMs);
    const after = await tokenOf(other.native, "long", again);
    assert.equal((await checked(announced, after, one)).header.kid, newId);

    // The old one is published until its last token has run out, and goes with the next that is made.
    later(hourMs + 40 * minuteMs);
    assert.equal((await checked(await keysOf(one.native), before, one)).header.kid, oldId);
    later(hourMs);
    assert.deepEqual(idsOf(await keysOf(one.native)), [newId]);
    later(24 * hourMs);
    await keysOf(one.native);
    assert.ok(!(await rowsOf(one.app.db, signingKeys)).some(({ publicKey }) => publicKey.kid === oldId));
  },
  { config },
);

onTwoServers(
  "keys from before a moment are not believed any more, on any server; each tenant has keys of its own, and they go with it",
  async (one, other) => {
    const tenant = await makeTenant(one, "acme", tokensBy({ short: {} }));
    await makePerson(tenant, "pat@example.org", password);
    const signedInThere = await signIn(tenant, "pat@example.org", password);
    const there = { ...tenant.headers, "x-session-token": signedInThere!["session_token"] };
    const theirs = await tokenOf(one.native, "short", there);
    const theirKeys = await keysOf(other.native, { host: tenant.host });
    const { iss } = await checked(theirKeys, theirs, { now: one.now, issuer: `http://${tenant.host}/` });
    assert.equal(iss, `http://${tenant.host}/`);

    const { headers } = await signedIn(one);
    await tokenOf(one.native, "short", headers);
    await assert.rejects(
      checked(await keysOf(one.native), theirs, { now: one.now, issuer: iss! }),
      /no applicable key/,
    );

    one.advance(minuteMs);
    other.advance(minuteMs);
    const since = tokensBy({ short: {} }, { own_keys: { made_after: one.now().toISOString(), algorithm: "EdDSA" } });
    await one.adminClient.send("PATCH", `/admin/tenants/${tenant.id}`, { json: { config: since } });
    const anew = await tokenOf(one.native, "short", there);
    const keys = await keysOf(one.native, { host: tenant.host });
    assert.equal(keys.keys.length, 1);
    assert.equal((await checked(keys, anew, { now: one.now, issuer: iss! })).header.alg, "EdDSA");
    await assert.rejects(checked(keys, theirs, { now: one.now, issuer: iss! }), /no applicable key/);

    await one.adminClient.send("PATCH", `/admin/tenants/${tenant.id}`, { json: { state: "inactive" } });
    assert.equal((await one.admin("DELETE", `/admin/tenants/${tenant.id}`)).status, 204);
    const left = await rowsOf(one.app.db, signingKeys);
    assert.equal(left.length, 1, "the default tenant's");
  },
  { config: tokensBy({ short: {} }) },
);
