import assert from "node:assert/strict";
import type { Context } from "../../src/context.ts";
import { credentialOf, withCredential } from "../../src/identity/set-credential.ts";
import { identityById } from "../../src/identity/statements.ts";
import { changeIdentity, useCredential } from "../../src/identity/write.ts";
import type { IdentityWithCredentialsRow } from "../../src/identity/rows.ts";
import { configOf } from "../support/config.ts";
import { courierContext } from "../support/courier-context.ts";
import {
  addKey,
  begin,
  keyConfig,
  newAuthenticator,
  signInByPassword,
  signInWithPasskey,
  signUpWithPasskey,
  signedIn,
  submit,
  valueOf,
} from "../support/keys.ts";
import { atOnce } from "../support/person.ts";
import { onEachDatabase } from "../support/servers.ts";

const options = { config: keyConfig() };
const key = "otpauth://totp/ada?secret=JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP";

/** Notes that the code of a step was used, as sign-in does: by a conditional statement, and again if it was in vain. */
async function useStep(ctx: Context, id: string, step: number): Promise<void> {
  for (;;) {
    const credential = credentialOf((await identityById(ctx, id))!, "totp")!;
    if (await useCredential(ctx, credential, { ...credential.config, last_used_step: step })) return;
  }
}

onEachDatabase(
  "what a sign-in notes of a credential outlives a change of the account that had begun before",
  async (server) => {
    const { db } = server.app;
    const config = configOf({ dsn: "memory" });
    const { body } = await server.admin("POST", "/admin/identities", {
      json: {
        schema_id: "person",
        traits: { email: "ada@example.org" },
        credentials: { totp: { config: { totp_url: key } } },
      },
    });
    const touched = (ctx: Context, before: IdentityWithCredentialsRow) => {
      const { config: stored } = credentialOf(before, "totp")!;
      return withCredential(ctx, before, {
        type: "totp",
        identifiers: [before.id],
        config: { ...stored, touched: true },
      });
    };
    const ctx = courierContext(db, config);
    let used: Promise<void> | undefined;
    let runs = 0;
    await changeIdentity(ctx, body.id, { reason: "admin.patch" }, async (before) => {
      runs++;
      used ??= useStep(courierContext(db, config), body.id, 7);
      // SQLite has one writer: there the sign-in waits for the change.
      if (db.dialect !== "sqlite") await used;
      return touched(ctx, before);
    });
    await used;
    const { last_used_step: step, touched: changed } = credentialOf(
      (await identityById(ctx, body.id))!,
      "totp",
    )!.config;
    assert.deepEqual([step, changed], [7, true]);
    assert.equal(runs, db.dialect === "sqlite" ? 1 : 2);
  },
);

onEachDatabase(
  "the count of a key survives that its owner adds keys while signing in",
  async (server) => {
    const mine = newAuthenticator();
    const owner = await signedIn(server, "pat@example.org");
    assert.equal((await addKey(owner, mine, "first")).status, 200);
    const others = await Promise.all([0, 1, 2, 3].map(() => signInByPassword(server, "pat@example.org")));
    for (const [round, client] of others.entries()) {
      const flow = await begin(client, "login", "?aal=aal2");
      const webauthn_login = mine.get(JSON.parse(valueOf(flow, "webauthn_login_trigger")), { key: 0 });
      const [lifted, added] = await Promise.all([
        submit(client, "login", flow, { method: "webauthn", webauthn_login }),
        addKey(owner, newAuthenticator(), `another ${round}`),
      ]);
      assert.deepEqual([lifted.status, added.status], [200, 200]);
    }
    const { body: me } = await owner.get("/sessions/whoami");
    const { body } = await server.admin("GET", `/admin/identities/${me.identity.id}?include_credential=webauthn`);
    const keys = body.credentials.webauthn.config.credentials;
    assert.equal(keys.length, 5);
    assert.equal(
      keys.find(({ display_name: name }: { display_name: string }) => name === "first").authenticator.sign_count,
      4,
    );
  },
  options,
);

onEachDatabase(
  "of signatures of one count at once, one shows that the key was copied",
  async (server) => {
    for (const email of ["ada@example.org", "bea@example.org", "cleo@example.org"]) {
      const copied = newAuthenticator();
      const { body: made } = await signUpWithPasskey(server.spa(), copied, email);
      const answers = await atOnce(4, () => signInWithPasskey(server.spa(), copied, { count: 5 }));
      assert.deepEqual(
        answers.map(({ status }) => status),
        [200, 200, 200, 200],
      );
      const { body } = await server.admin("GET", `/admin/identities/${made.identity.id}?include_credential=passkey`);
      const { sign_count: count, clone_warning: warned } = body.credentials.passkey.config.credentials[0].authenticator;
      assert.deepEqual([count, warned], [5, true]);
    }
  },
  options,
);
