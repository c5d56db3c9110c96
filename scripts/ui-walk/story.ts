import assert from "node:assert/strict";
import { setTimeout as pause } from "node:timers/promises";
import { generateSync } from "otplib";
import type { Page } from "playwright-core";
import { addAuthenticator } from "../../test/support/virtual-authenticator.ts";
import type { Authenticator } from "../../test/support/virtual-authenticator.ts";
import type { ConfigTree } from "../../test/support/config.ts";
import type { Backend } from "./backend.ts";
import type { Fields, UserInterface, Visitor } from "./ui.ts";

/** What a story is told with. */
export interface Stage {
  readonly ui: UserInterface;
  readonly page: Page;
  readonly visitor: Visitor;
  readonly backend: Backend;
}

/** A step of the walk; what it throws is what went wrong. */
export type Step = readonly [title: string, take: (stage: Stage) => Promise<void>];

const password = "correct-horse-battery-9";
const [ada, bea, cleo, dora] = ["ada", "bea", "cleo", "dora"].map((name) => `${name}@example.org`) as [
  string,
  string,
  string,
  string,
];
const saved = 1050001;
const keyAlone: ConfigTree = { selfservice: { methods: { webauthn: { config: { passwordless: true } } } } };
const linkRecovery: ConfigTree = {
  selfservice: { flows: { recovery: { use: "link" }, verification: { use: "link" } } },
};
const securityKey = { transport: "usb", hasResidentKey: false, hasUserVerification: false } as const;

let secret = "";
let spentCode = "";
let backupCodes: string[] = [];
let key: Authenticator | undefined;

/** Waits until somebody is signed in by these methods, and has arrived. */
async function signedIn({ visitor, page }: Stage, methods: string, level = "aal1") {
  let session = await visitor.session();
  for (let tries = 0; tries < 40 && !(session?.methods === methods && session.level === level); tries++) {
    await pause(250);
    session = await visitor.session();
  }
  assert.deepEqual([session?.methods, session?.level], [methods, level]);
  await page.waitForLoadState("networkidle");
  return session!;
}

async function signIn({ visitor }: Stage, email: string, secretWord = password) {
  await visitor.open("login");
  await visitor.send({ identifier: email, password: secretWord }, "password");
}

/** Proves a second factor after the first: browsers are sent to where it is asked for, apps go there. */
async function addFactor(stage: Stage, fields: Fields, button: string) {
  if (stage.ui.native) {
    await signedIn(stage, "password");
    await stage.visitor.open("login", "?aal=aal2");
  }
  await stage.visitor.send(fields, button);
}

/** Confirms who is signed in by one method more. */
async function confirm(stage: Stage, query: string, fields: Fields, button: string) {
  const before = (await stage.visitor.session())!;
  await stage.visitor.open("login", query);
  await stage.visitor.send(fields, button);
  await signedIn(stage, `${before.methods} ${button.replace("_login_trigger", "")}`, before.level);
}

/** Removes a way to sign in, and looks whether it is gone. */
async function remove(stage: Stage, button: string) {
  await change(stage, {}, button);
  await stage.visitor.open("settings");
  assert.equal(await stage.visitor.count(button), 0, button);
}

async function change({ visitor }: Stage, fields: Fields, button: string) {
  await visitor.open("settings");
  await visitor.send(fields, button);
  await visitor.told(saved);
}

/** Asserts that a key is the last way in: its button cannot be pressed, or is to no effect. */
async function assertStays({ visitor }: Stage, button: string) {
  await visitor.open("settings");
  if (await visitor.isDisabled(button)) return;
  await visitor.send({}, button);
  await visitor.open("settings");
  assert.equal(await visitor.count(button), 1);
}

/** A code of the authenticator app that was not used yet. */
async function freshCode(): Promise<string> {
  for (;;) {
    const code = generateSync({ secret });
    if (code !== spentCode) return (spentCode = code);
    await pause(500);
  }
}

async function mailTo({ backend }: Stage, email: string, pattern: RegExp, after = 0): Promise<string> {
  for (let tries = 0; tries < 100; tries++) {
    const mail = backend.mail.received
      .slice(after)
      .findLast(({ to, mail: { text } }) => to.includes(email) && pattern.test(text ?? ""));
    if (mail) return pattern.exec(mail.mail.text ?? "")![1]!;
    await pause(100);
  }
  throw new Error(`no such mail to ${email}`);
}

const code = /(?:^|\s)(\d{6})(?:\s|$)/m;
const link = /(http:\/\/\S+\/self-service\/\S+)/;

/** Plugs another authenticator in, and pulls the one before out. */
async function plug({ page }: Stage, options: Parameters<typeof addAuthenticator>[1] = {}) {
  await key?.remove();
  key = await addAuthenticator(page, options);
}

const transient_payload = { stuff: { numbers: [42, 3.14], fu: "bar" }, consent: true };

/** Adds a payload to all that the pages submit from now on, as pages with fields of their own do. */
const addPayload = ({ page }: Stage) =>
  page.route(/\/self-service\/(registration|login|settings|recovery|verification)(\?|$)/, async (route) => {
    const request = route.request();
    if (request.method() !== "POST") return route.fallback();
    const text = request.postData() ?? "";
    const json = (await request.headerValue("content-type"))?.includes("json");
    const body = json
      ? JSON.stringify({ ...JSON.parse(text), transient_payload })
      : `${text}&transient_payload=${encodeURIComponent(JSON.stringify(transient_payload))}`;
    await route.continue({ postData: body });
  });

/** What people do who have a password, and add all else to it. */
const withPassword: Step[] = [
  [
    "a form that is not complete is told so, and keeps what was typed",
    async (stage) => {
      const { visitor, page } = stage;
      await visitor.open("registration");
      await page
        .locator("[required]")
        .evaluateAll((inputs) => inputs.forEach((input) => input.removeAttribute("required")));
      await visitor.send({ "traits.email": ada, "traits.age": "7", password: "ada" }, "password");
      await page.waitForLoadState("networkidle");
      assert.equal(
        (await page
          .locator(`[name="traits.email"][value="${ada}"], [data-testid="traits.email"][value="${ada}"]`)
          .count()) > 0,
        true,
      );
      assert.equal(await stage.visitor.session(), undefined);
    },
  ],
  [
    "signs up with a check box and a number, and hooks are told of the payload",
    async (stage) => {
      const { visitor, backend } = stage;
      await addPayload(stage);
      await visitor.open("registration");
      await visitor.send({ "traits.email": ada, "traits.age": "36", "traits.tos": true, password }, "password");
      const { traits } = await signedIn(stage, "password");
      assert.deepEqual(traits, { email: ada, age: 36, tos: true });
      assert.deepEqual(backend.hooks.at(-1)?.transient_payload, transient_payload);
    },
  ],
  [
    "verifies the address by a code",
    async (stage) => {
      const { visitor, backend } = stage;
      await mailTo(stage, ada, code);
      const after = backend.mail.received.length;
      await visitor.open("verification");
      await visitor.send({ email: ada }, "code");
      await visitor.send({ code: await mailTo(stage, ada, code, after) }, "code");
      await visitor.told(1080002);
    },
  ],
  [
    "changes the profile",
    async (stage) => {
      await change(stage, { "traits.age": "37", "traits.tos": false }, "profile");
      const { email, age, tos } = (await stage.visitor.session())!.traits;
      // A form of HTML says nothing of a box that is not ticked.
      assert.deepEqual({ email, age, tos: tos ?? false }, { email: ada, age: 37, tos: false });
      assert.deepEqual(stage.backend.hooks.at(-1)?.transient_payload, transient_payload);
    },
  ],
  [
    "adds an authenticator app",
    async (stage) => {
      await stage.visitor.open("settings");
      secret = /\b[A-Z2-7]{32}\b/.exec(await stage.visitor.text("totp_secret_key"))![0];
      spentCode = generateSync({ secret });
      await stage.visitor.send({ totp_code: spentCode }, "totp");
      await stage.visitor.told(saved);
    },
  ],
  [
    "signs out and in by password and the authenticator app",
    async (stage) => {
      await stage.visitor.signOut();
      await signIn(stage, ada);
      await addFactor(stage, { totp_code: await freshCode() }, "totp");
      await signedIn(stage, "password totp", "aal2");
    },
  ],
  [
    "adds backup codes",
    async (stage) => {
      const { visitor } = stage;
      await visitor.open("settings");
      await visitor.send({}, "lookup_secret_regenerate");
      backupCodes = (await visitor.text("lookup_secret_codes")).match(/\b[a-z0-9]{8}\b/g) ?? [];
      backupCodes = [...new Set(backupCodes)].filter((one) => /\d/.test(one));
      assert.ok(backupCodes.length >= 10, `${backupCodes.length} codes are shown`);
      await visitor.send({}, "lookup_secret_confirm");
      await visitor.told(saved);
    },
  ],
  [
    "signs out and in by password and a backup code",
    async (stage) => {
      await stage.visitor.signOut();
      await signIn(stage, ada);
      await addFactor(stage, { lookup_secret: backupCodes.pop()! }, "lookup_secret");
      await signedIn(stage, "password lookup_secret", "aal2");
    },
  ],
  [
    "adds a security key",
    async (stage) => {
      await plug(stage, securityKey);
      await change(stage, { webauthn_register_displayname: "blue key" }, "webauthn_register_trigger");
    },
  ],
  [
    "signs out and in by password and the security key",
    async (stage) => {
      await stage.visitor.signOut();
      await signIn(stage, ada);
      await addFactor(stage, {}, "webauthn_login_trigger");
      await signedIn(stage, "password webauthn", "aal2");
    },
  ],
  [
    "confirms by password, authenticator app and backup code",
    async (stage) => {
      await confirm(stage, "?refresh=true", { password }, "password");
      await confirm(stage, "?refresh=true&aal=aal2", { totp_code: await freshCode() }, "totp");
      await confirm(stage, "?refresh=true&aal=aal2", { lookup_secret: backupCodes.pop()! }, "lookup_secret");
    },
  ],
  ["confirms by the security key", (stage) => confirm(stage, "?refresh=true&aal=aal2", {}, "webauthn_login_trigger")],
  ["removes the security key", (stage) => remove(stage, "webauthn_remove")],
  [
    "removes the authenticator app and the backup codes",
    async (stage) => {
      await remove(stage, "totp_unlink");
      await remove(stage, "lookup_secret_disable");
      await stage.visitor.signOut();
      await signIn(stage, ada);
      await signedIn(stage, "password");
    },
  ],
  [
    "adds a passkey, and signs out and in by it",
    async (stage) => {
      await plug(stage);
      await change(stage, {}, "passkey_register_trigger");
      await stage.visitor.signOut();
      await stage.visitor.open("login");
      await stage.visitor.send({}, "passkey_login_trigger");
      await signedIn(stage, "passkey");
    },
  ],
  ["confirms by the passkey", (stage) => confirm(stage, "?refresh=true", {}, "passkey_login_trigger")],
  ["removes the passkey", (stage) => remove(stage, "passkey_remove")],
  [
    "recovers by a code, and sets another password",
    async (stage) => {
      await stage.visitor.signOut();
      await stage.visitor.open("recovery");
      const after = stage.backend.mail.received.length;
      await stage.visitor.send({ email: ada }, "code");
      await stage.visitor.send({ code: await mailTo(stage, ada, code, after) }, "code");
      await stage.visitor.send({ password: `${password}-two` }, "password");
      await stage.visitor.told(saved);
      await stage.visitor.signOut();
      await signIn(stage, ada, `${password}-two`);
      await signedIn(stage, "password");
    },
  ],
  [
    "recovers by a link, and sets another password",
    async (stage) => {
      await stage.backend.reconfigure(linkRecovery);
      await stage.visitor.signOut();
      await stage.visitor.open("recovery");
      const after = stage.backend.mail.received.length;
      await stage.visitor.send({ email: ada }, "link");
      await stage.page.goto(await mailTo(stage, ada, link, after));
      await stage.visitor.send({ password: `${password}-three` }, "password");
      await stage.visitor.told(saved);
      await stage.visitor.signOut();
      await signIn(stage, ada, `${password}-three`);
      await signedIn(stage, "password");
    },
  ],
];

async function signInByKey(stage: Stage, identifier: string): Promise<void> {
  const { visitor } = stage;
  await visitor.signOut();
  await visitor.open("login");
  await visitor.send({ identifier }, "webauthn");
  await visitor.send({}, "webauthn_login_trigger");
  await signedIn(stage, "webauthn");
}

/** What people do for whom a key is the first factor. */
const withKeys: Step[] = [
  [
    "signs up with a security key alone, which stays as the only way in",
    async (stage) => {
      const { visitor } = stage;
      await stage.backend.reconfigure(keyAlone);
      await visitor.signOut();
      await plug(stage, { transport: "usb" });
      await visitor.open("registration");
      await visitor.send(
        { "traits.email": bea, "traits.age": "20", "traits.tos": true, webauthn_register_displayname: "red key" },
        "webauthn_register_trigger",
      );
      const { traits } = await signedIn(stage, "webauthn");
      assert.deepEqual(traits, { email: bea, age: 20, tos: true });
      assert.deepEqual(stage.backend.hooks.at(-1)?.transient_payload, transient_payload);
      await assertStays(stage, "webauthn_remove");
    },
  ],
  [
    "signs out and in by the security key alone, and confirms by it",
    async (stage) => {
      await signInByKey(stage, bea);
      await confirm(stage, "?refresh=true", {}, "webauthn_login_trigger");
    },
  ],
  [
    "adds a password to the security key, removes the key, and signs in by password",
    async (stage) => {
      await change(stage, { password }, "password");
      await change(stage, {}, "webauthn_remove");
      await stage.visitor.signOut();
      await signIn(stage, bea);
      await signedIn(stage, "password");
    },
  ],
  [
    "adds a security key as a first factor to a password",
    async (stage) => {
      const { visitor } = stage;
      await visitor.signOut();
      await visitor.open("registration");
      await visitor.send({ "traits.email": dora, password }, "password");
      await signedIn(stage, "password");
      await plug(stage, { transport: "usb" });
      await change(stage, { webauthn_register_displayname: "green key" }, "webauthn_register_trigger");
      await signInByKey(stage, dora);
    },
  ],
  [
    "signs up with a passkey alone, which stays as the only way in",
    async (stage) => {
      const { visitor } = stage;
      await visitor.signOut();
      await plug(stage);
      await visitor.open("registration");
      await visitor.send({ "traits.email": cleo, "traits.age": "21" }, "passkey_register_trigger");
      await signedIn(stage, "passkey");
      assert.deepEqual(stage.backend.hooks.at(-1)?.transient_payload, transient_payload);
      await assertStays(stage, "passkey_remove");
    },
  ],
  [
    "signs out and in by the passkey alone",
    async (stage) => {
      const { visitor } = stage;
      await visitor.signOut();
      await visitor.open("login");
      await visitor.send({}, "passkey_login_trigger");
      await signedIn(stage, "passkey");
    },
  ],
];

/** The whole walk, in its order. */
export const steps: readonly Step[] = [...withPassword, ...withKeys];
