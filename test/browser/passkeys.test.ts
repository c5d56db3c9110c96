import assert from "node:assert/strict";
import { inChromium } from "../support/chromium.ts";
import { addAuthenticator } from "../support/virtual-authenticator.ts";
import { password } from "../support/person.ts";
import {
  assertHome,
  begin,
  email,
  goTo,
  onBothPages,
  open,
  press,
  signIn,
  signOut,
  signUpByPasskey,
  storyConfig,
  told,
  visitor,
} from "../support/story.ts";
import { appOrigin, idOrigin, visit } from "../support/website.ts";

const saved = 1050001;
const lastWayIn = 4000001;
const noKeyOwner = 4000015;

onBothPages("a person signs up with a passkey, and in by picking it or by asking for it", async (story) => {
  const { page } = story;
  const key = await addAuthenticator(page);
  await signUpByPasskey(story);
  assert.equal((await key.credentials()).length, 1);

  // The browser of the test picks a passkey that it may offer where the name is typed: no click is needed.
  await signOut(story);
  await goTo(story, "login");
  await assertHome(story, "passkey");

  await signOut(story);
  await page.addInitScript(() => void (PublicKeyCredential.isConditionalMediationAvailable = async () => false));
  await open(story, "login");
  await press(story, "passkey_login_trigger");
  await assertHome(story, "passkey");

  await open(story, "settings");
  assert.ok(await page.isDisabled("[name=passkey_remove]"), "the last way in stays");
  // A page of another make might let somebody press it.
  await page.$eval("[name=passkey_remove]", (button: HTMLButtonElement) => void (button.disabled = false));
  await press(story, "passkey_remove");
  await told(story, lastWayIn);
  await signOut(story);
  await open(story, "login");
  await press(story, "passkey_login_trigger");
  assert.equal((await visitor(story)).who, email);
});

inChromium("a page that offers passkeys again while an answer is on its way does not answer twice", async (t) => {
  const story = await visit(t, storyConfig);
  const { page } = story;
  await addAuthenticator(page);
  await signUpByPasskey(story);
  await signOut(story);

  let answers = 0;
  await page.route(/\/self-service\/login\?/, async (route) => {
    if (route.request().method() !== "POST") return route.fallback();
    answers++;
    await new Promise((resolve) => setTimeout(resolve, 500));
    await route.continue();
  });
  await page.addInitScript(
    () =>
      void setInterval(
        () =>
          (window as unknown as { oryPasskeyLoginAutocompleteInit?: () => void }).oryPasskeyLoginAutocompleteInit?.(),
        50,
      ),
  );
  await goTo(story, "login");
  await assertHome(story, "passkey");
  assert.equal(answers, 1);
});

onBothPages("a person who has a password adds a passkey, signs in by it, and removes it", async (story) => {
  const { page } = story;
  await page.addInitScript(() => void (PublicKeyCredential.isConditionalMediationAvailable = async () => false));
  await begin(story);
  await addAuthenticator(page);
  await open(story, "settings");
  await press(story, "passkey_register_trigger");
  await told(story, saved);
  await signOut(story);
  await open(story, "login");
  await press(story, "passkey_login_trigger");
  await assertHome(story, "passkey");

  await open(story, "settings");
  await press(story, "passkey_remove");
  await told(story, saved);
  assert.equal(await page.locator("[name=passkey_remove]").count(), 0);
  await signOut(story);
  await open(story, "login");
  await press(story, "passkey_login_trigger");
  await told(story, noKeyOwner);
  await signIn(story, password);
  await assertHome(story, "password");
});

inChromium("the script needs no inline code: a page with a strict content security policy works as well", async (t) => {
  const story = await visit(t, storyConfig);
  const { page } = story;
  await page.route(`${appOrigin}/**`, async (route) => {
    const response = await route.fetch();
    await route.fulfill({
      response,
      headers: { ...response.headers(), "content-security-policy": `script-src ${idOrigin}` },
    });
  });
  await addAuthenticator(page);
  await signUpByPasskey(story);
});
