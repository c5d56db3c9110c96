import assert from "node:assert/strict";
import { addAuthenticator } from "../support/virtual-authenticator.ts";
import { assertHome, begin, email, fill, onBothPages, open, press, signIn, signOut, told } from "../support/story.ts";

const saved = 1050001;
const plain = { protocol: "u2f", transport: "usb", hasResidentKey: false, hasUserVerification: false } as const;
const passwordless = { selfservice: { methods: { webauthn: { config: { passwordless: true } } } } };

onBothPages(
  "a person adds keys by names, signs in by password and one of them, and removes them",
  async (story) => {
    const { page } = story;
    await begin(story);
    const first = await addAuthenticator(page, plain);
    const add = async (name: string) => {
      await open(story, "settings");
      await fill(story, { webauthn_register_displayname: name });
      await press(story, "webauthn_register_trigger");
      await told(story, saved);
    };
    await add("blue key");
    await first.remove();
    await addAuthenticator(page, plain);
    await add("red key");
    assert.deepEqual(
      (await page.locator("[name=webauthn_remove]").allInnerTexts()).map((text) => /(blue|red) key/.exec(text)?.[0]),
      ["blue key", "red key"],
    );

    await signOut(story);
    await signIn(story);
    await press(story, "webauthn_login_trigger");
    await assertHome(story, "password webauthn", "aal2");

    await open(story, "settings");
    for (const left of [1, 0]) {
      await page.locator("[name=webauthn_remove]").first().click();
      await told(story, saved);
      await page.waitForFunction((count) => document.querySelectorAll("[name=webauthn_remove]").length === count, left);
    }
    await signOut(story);
    await signIn(story);
    await assertHome(story, "password");
  },
  { session: { whoami: { required_aal: "highest_available" } } },
);

onBothPages(
  "a person signs up and in with a security key alone",
  async (story) => {
    const { page } = story;
    await addAuthenticator(page, { transport: "usb", hasResidentKey: false, hasUserVerification: false });
    await open(story, "registration");
    await fill(story, { "traits.email": email, webauthn_register_displayname: "blue key" });
    await press(story, "webauthn_register_trigger");
    await assertHome(story, "webauthn");

    await signOut(story);
    await open(story, "login");
    await fill(story, { identifier: email });
    await press(story, "webauthn");
    await press(story, "webauthn_login_trigger");
    await assertHome(story, "webauthn");

    await open(story, "settings");
    assert.ok(await page.isDisabled("[name=webauthn_remove]"), "the last way in stays");
  },
  passwordless,
);
