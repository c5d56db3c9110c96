import assert from "node:assert/strict";
import { assertHome, begin, fill, onBothPages, open, press, signIn, signOut, told } from "../support/story.ts";

const saved = 1050001;
const alreadyUsed = 4000012;

onBothPages(
  "a person makes backup codes, signs in by one once, looks at the rest, and discards them",
  async (story) => {
    const { page } = story;
    await begin(story);
    await open(story, "settings");
    await press(story, "lookup_secret_regenerate");
    const codes = (await page.innerText("#lookup_secret_codes")).split(/[\s,]+/);
    assert.equal(new Set(codes).size, 12);
    await press(story, "lookup_secret_confirm");
    await told(story, saved);

    await signOut(story);
    await signIn(story);
    await fill(story, { lookup_secret: codes[3]! });
    await press(story, "lookup_secret");
    await assertHome(story, "password lookup_secret", "aal2");

    await signOut(story);
    await signIn(story);
    await fill(story, { lookup_secret: codes[3]! });
    await press(story, "lookup_secret");
    await told(story, alreadyUsed);
    await fill(story, { lookup_secret: codes[4]! });
    await press(story, "lookup_secret");
    await assertHome(story, "password lookup_secret", "aal2");

    await open(story, "settings");
    await press(story, "lookup_secret_reveal");
    const shown = await page.innerText("#lookup_secret_codes");
    assert.deepEqual(
      codes.map((code) => shown.includes(code)),
      codes.map((_, at) => at !== 3 && at !== 4),
    );
    await press(story, "lookup_secret_disable");
    await told(story, saved);
    await page.waitForSelector("[name=lookup_secret_regenerate]");
    await signOut(story);
    await signIn(story);
    await assertHome(story, "password");
  },
  { session: { whoami: { required_aal: "highest_available" } } },
);
