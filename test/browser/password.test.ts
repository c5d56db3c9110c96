import assert from "node:assert/strict";
import { password } from "../support/person.ts";
import { assertHome, email, fill, onBothPages, open, press, signOut, told } from "../support/story.ts";
import { appOrigin, idOrigin } from "../support/website.ts";

const wrongPassword = 4000006;

onBothPages("a person registers, signs out and in again", async (story) => {
  const { page, context } = story;
  await open(story, "registration");
  await fill(story, { "traits.email": email, password: "12345678" });
  await press(story, "password");
  await page.waitForSelector(".message");
  assert.equal(new URL(page.url()).pathname, "/registration");
  assert.equal(await page.inputValue("[name='traits.email']"), email, "what was filled in is still there");
  await fill(story, { password });
  await press(story, "password");
  await assertHome(story, "password");

  await signOut(story);
  await open(story, "login");
  await fill(story, { identifier: email, password: "wrong" });
  await press(story, "password");
  await told(story, wrongPassword);
  await fill(story, { password });
  await press(story, "password");
  await assertHome(story, "password");
  const cookies = await context.cookies(idOrigin);
  assert.ok(cookies.every(({ httpOnly, sameSite }) => httpOnly && sameSite === "Lax"));
});

onBothPages(
  "a person signs up and in step by step: first who they are, then how they prove it",
  async (story) => {
    await open(story, "registration");
    await fill(story, { "traits.email": email });
    await press(story, "profile");
    await fill(story, { password });
    await press(story, "password");
    await assertHome(story, "password");

    await signOut(story);
    await open(story, "login", `?return_to=${appOrigin}/`);
    assert.equal(await story.page.locator("[name=password]").count(), 0);
    await fill(story, { identifier: "nobody@example.org" });
    await press(story, "identifier_first");
    await told(story, 4000037);
    await fill(story, { identifier: email });
    await press(story, "identifier_first");
    await fill(story, { password });
    await press(story, "password");
    await assertHome(story, "password");
  },
  {
    selfservice: {
      methods: { passkey: { enabled: false } },
      flows: { login: { style: "identifier_first" }, registration: { style: "profile_first" } },
    },
  },
);
