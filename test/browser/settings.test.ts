import assert from "node:assert/strict";
import { password } from "../support/person.ts";
import {
  begin,
  assertHome,
  email,
  fill,
  onBothPages,
  open,
  press,
  signIn,
  signOut,
  told,
  visitor,
} from "../support/story.ts";
import { appOrigin } from "../support/website.ts";

const saved = 1050001;
const wrongPassword = 4000006;
const nextPassword = "another-horse-battery-9";

onBothPages("a person changes what is known about them, and signs in by the new address", async (story) => {
  await begin(story);
  await open(story, "settings");
  await fill(story, { "traits.email": "ada@example.net", "traits.name.first": "A" });
  await press(story, "profile");
  await told(story, 4000003);
  assert.equal(
    await story.page.inputValue("[name='traits.email']"),
    "ada@example.net",
    "what was filled in is still there",
  );
  await fill(story, { "traits.name.first": "Ada", "traits.age": "36" });
  await story.page.check("[name='traits.newsletter']");
  await press(story, "profile");
  await told(story, saved);
  assert.equal(await story.page.inputValue("[name='traits.name.first']"), "Ada");
  const { body } = await story.server.admin("GET", "/admin/identities");
  const { tags, ...traits } = body[0].traits;
  assert.deepEqual(traits, { email: "ada@example.net", name: { first: "Ada" }, age: 36, newsletter: true });

  await signOut(story);
  await signIn(story);
  await told(story, wrongPassword);
  await fill(story, { identifier: "ada@example.net", password });
  await press(story, "password");
  assert.equal((await visitor(story)).who, "ada@example.net");
});

onBothPages("a person sets another password, and signs in by it alone", async (story) => {
  await begin(story);
  await open(story, "settings");
  await fill(story, { password: "12345678" });
  await press(story, "password");
  await story.page.waitForSelector(".message");
  await fill(story, { password: nextPassword });
  await press(story, "password");
  await told(story, saved);
  await signOut(story);
  await signIn(story);
  await told(story, wrongPassword);
  await signIn(story, nextPassword);
  await assertHome(story, "password");
});

onBothPages(
  "a sign-in too long ago is confirmed before a password changes, which then happens by itself",
  async (story) => {
    await begin(story);
    await open(story, "settings");
    story.server.advance(600_001);
    await fill(story, { password: nextPassword });
    await press(story, "password");
    await told(story, 1010003);
    assert.match(story.page.url(), new RegExp(`^${appOrigin}/login\\?flow=`));
    await fill(story, { password });
    await press(story, "password");
    await told(story, saved);
    assert.match(story.page.url(), new RegExp(`^${appOrigin}/settings\\?flow=`));
    await signOut(story);
    await signIn(story, nextPassword);
    assert.equal((await visitor(story)).who, email);
  },
  { selfservice: { flows: { settings: { privileged_session_max_age: "10m" } } } },
);
