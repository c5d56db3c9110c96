import assert from "node:assert/strict";
import type { TestContext } from "node:test";
import type { Page } from "playwright-core";
import { inChromium } from "../support/chromium.ts";
import { addAuthenticator } from "../support/virtual-authenticator.ts";
import { mergeTrees } from "../support/config.ts";
import { assertHome, email, fill, open, press, signOut, signUpByPasskey, storyConfig } from "../support/story.ts";
import { idOrigin, visit } from "../support/website.ts";

const scriptUrl = `${idOrigin}/.well-known/ory/webauthn.js`;
const keys = mergeTrees(storyConfig, { selfservice: { methods: { webauthn: { config: { passwordless: true } } } } });

/** Puts the script into the page anew, as single-page apps do with each form that they draw. */
const loadAgain = (page: Page) => page.addScriptTag({ url: scriptUrl });

const ready = (page: Page) => page.waitForFunction(() => "__oryWebAuthnInitialized" in window);

/** Counts how often the page asks an authenticator for a new key. */
const countCreations = (page: Page) =>
  page.evaluate(() => {
    const { credentials } = navigator;
    const create = credentials.create.bind(credentials);
    Object.assign(window, { creations: 0 });
    credentials.create = (options) => (
      Object.assign(window, { creations: (window as never)["creations"] + 1 }),
      create(options)
    );
  });

/** Opens the login page in a browser whose authenticator nobody touches: so what asks for a key in the background waits. */
const visitLogin = async (t: TestContext) => {
  const story = await visit(t, keys);
  await addAuthenticator(story.page, { automaticPresenceSimulation: false });
  await open(story, "login");
  await ready(story.page);
  return story;
};

inChromium(
  "the script says when it is ready, by a name and by an event, and has a function for each trigger",
  async (t) => {
    const { page } = await visit(t, keys);
    await page.addInitScript(() =>
      window.addEventListener("oryWebAuthnInitialized", () =>
        Object.assign(window, { told: (window as never)["__oryWebAuthnInitialized"] }),
      ),
    );
    await page.goto(`${idOrigin}/self-service/login/browser`);
    await page.waitForFunction(() => (window as never)["told"] === true);
    const functions = await page.evaluate(() =>
      Object.keys(window).filter((name) => /^(__)?ory/.test(name) && typeof window[name as never] === "function"),
    );
    const names = [
      "WebAuthnRegistration",
      "WebAuthnLogin",
      "PasskeyLogin",
      "PasskeyLoginAutocompleteInit",
      "PasskeyRegistration",
      "PasskeySettingsRegistration",
    ];
    assert.deepEqual(functions.sort(), names.flatMap((name) => [`ory${name}`, `__ory${name}`]).sort());
  },
);

inChromium("the script can be loaded again: a press of a button still asks for one key", async (t) => {
  const story = await visit(t, keys);
  const { page } = story;
  await addAuthenticator(page);
  await open(story, "registration");
  await ready(page);
  await loadAgain(page);
  await countCreations(page);
  await fill(story, { "traits.email": "" });
  await page.$eval("form", (form: HTMLFormElement) => void (form.submit = () => undefined));
  await press(story, "passkey_register_trigger");
  await page.waitForFunction(() => document.querySelector<HTMLInputElement>("[name=passkey_register]")!.value !== "");
  assert.equal(await page.evaluate(() => (window as never)["creations"]), 1);
});

inChromium(
  "where each method has a form of its own, a passkey is called what is typed beside its button",
  async (t) => {
    const story = await visit(t, keys);
    const { page } = story;
    const key = await addAuthenticator(page);
    await open(story, "registration");
    await ready(page);
    await page.$eval("form", (form) =>
      form.before(
        Object.assign(document.createElement("form"), {
          innerHTML: '<input name="traits.email" value="else@example.org">',
        }),
      ),
    );
    await page.fill("form:last-of-type [name='traits.email']", email);
    await press(story, "passkey_register_trigger");
    await assertHome(story, "passkey");
    assert.deepEqual(
      (await key.credentials()).map((one) => (one as { userName?: string }).userName),
      [email],
    );
  },
);

inChromium("what waits in the background gives way to a newer form, and ends when the page says so", async (t) => {
  const { page } = await visitLogin(t);
  const waiting = () => page.waitForFunction(() => (window as never)["abortPasskeyConditionalUI"]);
  const first = await waiting();
  await page.evaluate(
    () => void (window as never as { oryPasskeyLoginAutocompleteInit(): unknown }).oryPasskeyLoginAutocompleteInit(),
  );
  await page.waitForFunction((before) => (before as AbortController).signal.aborted, first);
  const second = await waiting();
  assert.ok(await page.evaluate(([a, b]) => a !== b, [first, second] as const));
  await second.evaluate((controller) => (controller as unknown as AbortController).abort());
  assert.ok(await page.evaluate(() => (window as never)["abortPasskeyConditionalUI"]["signal"]["aborted"]));
});

inChromium("in a browser that Cypress drives no passkey is picked unasked", async (t) => {
  const story = await visit(t, keys);
  const { page } = story;
  await addAuthenticator(page);
  await signUpByPasskey(story);
  await signOut(story);
  await page.addInitScript(() => Object.assign(window, { Cypress: {} }));
  await open(story, "login");
  await ready(page);
  await page.evaluate(() =>
    (window as never as { oryPasskeyLoginAutocompleteInit(): Promise<unknown> }).oryPasskeyLoginAutocompleteInit(),
  );
  await press(story, "passkey_login_trigger");
  await assertHome(story, "passkey");
});

inChromium("a security key that fails is told to the person, unless the page tells it in its own way", async (t) => {
  const story = await visit(t, keys);
  const { page } = story;
  await addAuthenticator(page, { transport: "usb", isUserVerified: true });
  await open(story, "registration");
  await ready(page);
  const told: string[] = [];
  page.on("dialog", (dialog) => void dialog.dismiss().then(() => told.push(dialog.message())));
  const fail = () =>
    page.evaluate(() =>
      (window as never as { oryWebAuthnRegistration(options: unknown): Promise<boolean> }).oryWebAuthnRegistration({
        publicKey: { challenge: "AAAA", user: { id: "AAAA" }, rp: { id: "elsewhere.example", name: "?" } },
      }),
    );
  await fail();
  assert.match(told.join(), /elsewhere|TypeError|SecurityError/);
  await page.evaluate(() => document.addEventListener("ostiary:webauthn-error", (event) => event.preventDefault()));
  await fail();
  assert.equal(told.length, 1);
});
