import assert from "node:assert/strict";
import { generateSync } from "otplib";
import { assertHome, begin, fill, onBothPages, open, press, signIn, signOut, told } from "../support/story.ts";
import type { Visit } from "../support/website.ts";
import { appOrigin } from "../support/website.ts";

const saved = 1050001;
const wrongCode = 4000008;

/** What an authenticator app shows that has scanned the secret. */
const codeOf = ({ server }: Visit, secret: string) =>
  generateSync({ secret, epoch: Math.floor(server.now().getTime() / 1000) });

const pictureSize = ({ page }: Visit) =>
  page.$eval(
    "img",
    async (picture: HTMLImageElement) => (await picture.decode(), [picture.naturalWidth, picture.naturalHeight]),
  );

onBothPages(
  "a person sets an app up, steps up by it at sign-in, and gives it up again",
  async (story) => {
    await begin(story);
    await open(story, "settings");
    assert.deepEqual(await pictureSize(story), [256, 256], "the picture to scan is one");
    const secret = (await story.page.textContent("#totp_secret_key"))!;
    await fill(story, { totp_code: "000000" });
    await press(story, "totp");
    await told(story, wrongCode);
    assert.equal(await story.page.textContent("#totp_secret_key"), secret, "the form still shows the same key");
    await fill(story, { totp_code: codeOf(story, secret) });
    await press(story, "totp");
    await told(story, saved);
    await story.page.goto(`${appOrigin}/`);
    await assertHome(story, "password totp", "aal2");

    await signOut(story);
    await signIn(story);
    await fill(story, { totp_code: codeOf(story, secret) });
    await press(story, "totp");
    await assertHome(story, "password totp", "aal2");

    await open(story, "settings");
    await press(story, "totp_unlink");
    await told(story, saved);
    await story.page.waitForSelector("#totp_secret_key");
    await signOut(story);
    await signIn(story);
    await assertHome(story, "password");
  },
  { session: { whoami: { required_aal: "highest_available" } } },
);
