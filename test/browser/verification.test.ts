import assert from "node:assert/strict";
import { password } from "../support/person.ts";
import { followedLink, typedCode } from "../support/post.ts";
import { assertHome, elsewhere, email, fill, onBothPages, open, press, told } from "../support/story.ts";
import type { Story } from "../support/story.ts";
import { appOrigin } from "../support/website.ts";

const linkSent = 1080001;
const verified = 1080002;
const codeSent = 1080003;
const codeInvalid = 4070006;

const verification = (use: "code" | "link") => ({
  selfservice: {
    methods: { code: { enabled: true }, link: { enabled: true } },
    flows: {
      verification: { enabled: true, use },
      registration: { after: { password: { hooks: [{ hook: "session" }, { hook: "show_verification_ui" }] } } },
    },
  },
});

const isVerified = async ({ server }: Story) =>
  (await server.admin("GET", "/admin/identities")).body[0].verifiable_addresses[0].verified;

async function signUp(story: Story): Promise<void> {
  await open(story, "registration");
  await fill(story, { "traits.email": email, password });
  await press(story, "password");
}

onBothPages(
  "a person signs up, is asked for the code of a mail, and goes on to where they wanted",
  async (story) => {
    await signUp(story);
    await told(story, codeSent);
    const code = typedCode(await story.post.next());
    await fill(story, { code: "000000" });
    await press(story, "code");
    await told(story, codeInvalid);
    assert.equal(await isVerified(story), false);
    await fill(story, { code });
    await press(story, "code");
    await told(story, verified);
    assert.equal(await isVerified(story), true);
    await story.page.goto(`${appOrigin}/`);
    await assertHome(story, "password");
  },
  verification("code"),
);

onBothPages(
  "a person verifies an address in another browser, by the code that the link of a mail fills in",
  async (story) => {
    await story.server.createPerson({ email, password });
    await open(story, "verification");
    await fill(story, { email });
    await press(story, "code");
    await told(story, codeSent);
    const mail = await story.post.next();
    const phone = await elsewhere(story);
    await phone.page.goto(followedLink(mail));
    assert.equal(await phone.page.inputValue("[name=code]"), typedCode(mail));
    assert.equal(await isVerified(story), false, "nobody has pressed anything");
    await press(phone, "code");
    await told(phone, verified);
    assert.equal(await isVerified(story), true);
  },
  verification("code"),
);

onBothPages(
  "a person verifies an address by following a link in another browser",
  async (story) => {
    await signUp(story);
    await told(story, linkSent);
    const phone = await elsewhere(story);
    await phone.page.goto(followedLink(await story.post.next()));
    await told(phone, verified);
    assert.equal(await isVerified(story), true);
  },
  verification("link"),
);
