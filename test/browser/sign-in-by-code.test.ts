import { personSchema } from "../support/config.ts";
import { typedCode } from "../support/post.ts";
import { assertHome, email, fill, onBothPages, open, press, signOut, told } from "../support/story.ts";

const registrationCodeSent = 1040005;
const loginCodeSent = 1010014;
const loginCodeInvalid = 4010008;

const schema = structuredClone(personSchema);
const credentials = { code: { identifier: true, via: "email" } };
Object.assign(schema.properties.traits.properties.email["ory.sh/kratos"], { credentials });

onBothPages(
  "a person signs up and in by codes alone",
  async (story) => {
    await open(story, "registration");
    await fill(story, { "traits.email": email });
    await press(story, "code");
    await told(story, registrationCodeSent);
    await fill(story, { code: typedCode(await story.post.next()) });
    await press(story, "code");
    await assertHome(story, "code");

    await signOut(story);
    await open(story, "login");
    await fill(story, { identifier: email });
    await press(story, "code");
    await told(story, loginCodeSent);
    const first = typedCode(await story.post.next());
    await press(story, "resend");
    await told(story, loginCodeSent);
    const second = typedCode(await story.post.next());
    await fill(story, { code: first });
    await press(story, "code");
    await told(story, loginCodeInvalid);
    await fill(story, { code: second });
    await press(story, "code");
    await assertHome(story, "code");
  },
  {
    identity: {
      schemas: [{ id: "person", url: `base64://${Buffer.from(JSON.stringify(schema)).toString("base64")}` }],
    },
    selfservice: {
      methods: {
        code: { enabled: true, passwordless_enabled: true },
        passkey: { enabled: false },
        webauthn: { enabled: false },
      },
      flows: { registration: { after: { code: { hooks: [{ hook: "session" }] } } } },
    },
  },
);
