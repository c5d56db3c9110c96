import assert from "node:assert/strict";
import { inChromium } from "../support/chromium.ts";
import { mergeTrees } from "../support/config.ts";
import { startOpenidProvider } from "../support/openid-provider.ts";
import type { OpenidProvider } from "../support/openid-provider.ts";
import { password } from "../support/person.ts";
import { entryOf, socialConfig } from "../support/social.ts";
import { assertHome, begin, email, fill, open, press, signIn, signOut, storyConfig, told } from "../support/story.ts";
import { appOrigin, visit } from "../support/website.ts";
import type { Visit } from "../support/website.ts";

const linking = 1010016;
const saved = 1050001;

/** A browser before a site whose people may come by an account at Acme, where Ada is `a-17`. */
function atAcme(title: string, run: (story: Visit, openid: OpenidProvider) => Promise<void>): void {
  inChromium(title, async (t) => {
    const openid = await startOpenidProvider(t);
    openid.know({ subject: "a-17", claims: { email, email_verified: true, given_name: "Ada" } });
    // A person who has no address there.
    openid.know({ subject: "e-4", claims: { given_name: "Eve" } });
    const config = mergeTrees(storyConfig, socialConfig([entryOf(openid)]));
    const settings = { selfservice: { flows: { settings: { ui_url: `${appOrigin}/settings` } } } };
    await run(await visit(t, mergeTrees(config, settings)), openid);
  });
}

/** Says on Acme's pages who one is, and allows what the site asks for. */
async function goThroughAcme({ page }: Visit, subject = "a-17"): Promise<void> {
  await page.waitForSelector("#sign-in, #consent");
  if (await page.$("#sign-in")) {
    await page.fill("[name=subject]", subject);
    await page.click("button[value=allow]");
  }
  await page.waitForSelector("#consent, #who, .message, [name=method]");
  if (await page.$("#consent")) await page.click("button[value=allow]");
}

/** Presses Acme's button on the page to sign in or up. */
async function comeBy(story: Visit, kind = "login", subject?: string): Promise<void> {
  await open(story, kind);
  await press(story, "provider");
  await goThroughAcme(story, subject);
}

atAcme(
  "a person signs up by their account at a provider, and in from then on, whichever button they press",
  async (story) => {
    await comeBy(story, "registration");
    await assertHome(story, "oidc");
    for (const kind of ["login", "registration"]) {
      await signOut(story);
      // Acme knows them still.
      await open(story, kind);
      await press(story, "provider");
      await assertHome(story, "oidc");
    }
  },
);

atAcme("a person who is asked for what the provider does not know is not sent there again", async (story, openid) => {
  await comeBy(story, "login", "e-4");
  await story.page.waitForURL(`${appOrigin}/registration**`);
  const asked = openid.got.length;
  await fill(story, { "traits.email": email });
  await press(story, "provider");
  await assertHome(story, "oidc");
  assert.equal(openid.got.slice(asked).filter(({ path }) => path === "/auth").length, 0);
});

atAcme("a person who denies at the provider is told so on the page that they came from", async (story) => {
  await open(story, "login");
  await press(story, "provider");
  await story.page.waitForSelector("#sign-in");
  await story.page.click("button[value=deny]");
  await story.page.waitForURL(`${appOrigin}/login**`);
  await told(story, 4000001);
});

atAcme("a person links an account at a provider, comes by it, and lets go of it", async (story) => {
  await begin(story);
  await open(story, "settings");
  await press(story, "link");
  await goThroughAcme(story);
  await told(story, saved);
  await signOut(story);
  await open(story, "login");
  await press(story, "provider");
  await assertHome(story, "oidc");
  await open(story, "settings");
  await press(story, "unlink");
  await told(story, saved);
  await story.page.waitForSelector("[name=link]");
  await signOut(story);
  await signIn(story);
  await assertHome(story, "password");
});

atAcme(
  "whoever comes by a provider with the address of an account proves to be its owner, and comes by either from then on",
  async (story) => {
    await story.server.createPerson({ email, password });
    await comeBy(story);
    await told(story, linking);
    await fill(story, { password });
    await press(story, "password");
    await assertHome(story, "password oidc");
    await signOut(story);
    await open(story, "login");
    await press(story, "provider");
    await assertHome(story, "oidc");
  },
);
