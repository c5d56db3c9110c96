import assert from "node:assert/strict";
import { password } from "../support/person.ts";
import { followedLink, typedCode } from "../support/post.ts";
import {
  assertHome,
  elsewhere,
  email,
  fill,
  goTo,
  onBothPages,
  open,
  press,
  signIn,
  signOut,
  told,
} from "../support/story.ts";
import type { Story } from "../support/story.ts";
import { appOrigin } from "../support/website.ts";

const saved = 1050001;
const recovered = 1060001;
const linkSent = 1060002;
const codeSent = 1060003;
const linkInvalid = 4060004;
const codeInvalid = 4060006;
const nextPassword = "another-horse-battery-9";

const recovery = (use: "code" | "link", more = {}) => ({
  ...more,
  selfservice: {
    methods: { code: { enabled: true }, link: { enabled: true } },
    flows: { recovery: { enabled: true, use } },
  },
});

const wrong = (code: string) => code.replace(/\d$/, (digit) => String((Number(digit) + 1) % 10));

async function getInByCode(story: Story): Promise<void> {
  await story.server.createPerson({ email, password });
  await open(story, "recovery");
  await fill(story, { email });
  await press(story, "code");
  await told(story, codeSent);
  const code = typedCode(await story.post.next());
  await fill(story, { code: wrong(code) });
  await press(story, "code");
  await told(story, codeInvalid);
  await fill(story, { code });
  await press(story, "code");
  await told(story, recovered);
}

async function setPassword(story: Story): Promise<void> {
  await fill(story, { password: nextPassword });
  await press(story, "password");
  await told(story, saved);
}

onBothPages(
  "a person who forgot a password gets in by a code, sets another, and signs in by it",
  async (story) => {
    await getInByCode(story);
    await setPassword(story);
    await signOut(story);
    await signIn(story, nextPassword);
    await assertHome(story, "password");
  },
  recovery("code"),
);

onBothPages(
  "a person gets in by a code where clients are told what to show next",
  async (story) => {
    await getInByCode(story);
    await story.page.goto(`${appOrigin}/`);
    await assertHome(story, "code_recovery");
  },
  recovery("code", { feature_flags: { use_continue_with_transitions: true } }),
);

onBothPages(
  "a person follows the link of a mail in another browser, once",
  async (story) => {
    await story.server.createPerson({ email, password });
    await open(story, "recovery");
    await fill(story, { email });
    await press(story, "link");
    await told(story, linkSent);
    const link = followedLink(await story.post.next());
    const phone = await elsewhere(story);
    await phone.page.goto(link);
    await told(phone, recovered);
    await setPassword(phone);
    await story.page.goto(link);
    await told(story, linkInvalid);
    await goTo(story, "login");
    await signIn(story, nextPassword);
    assert.equal(await story.page.textContent("#methods"), "password");
  },
  recovery("link"),
);
