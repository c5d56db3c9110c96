import assert from "node:assert/strict";
import { inChromium } from "./chromium.ts";
import { mergeTrees } from "./config.ts";
import type { ConfigTree } from "./config.ts";
import { keyConfig } from "./keys.ts";
import { password } from "./person.ts";
import { appOrigin, idOrigin, visit } from "./website.ts";
import { openPost } from "./post.ts";
import type { Post } from "./post.ts";
import type { Pages, Visit } from "./website.ts";

/** Who most stories are about. */
export const email = "ada@example.org";

const rp = { id: new URL(appOrigin).hostname.replace("app.", ""), display_name: "Site", origins: [appOrigin] };

/** What stories need: every method that takes no mail, and pages of the site that may call by script. */
export const storyConfig: ConfigTree = mergeTrees(keyConfig(), {
  serve: { public: { cors: { enabled: true, allowed_origins: [appOrigin] } } },
  selfservice: {
    methods: {
      totp: { enabled: true, config: { issuer: "Site" } },
      lookup_secret: { enabled: true },
      passkey: { config: { rp } },
      webauthn: { config: { rp } },
    },
    flows: { settings: { ui_url: `${appOrigin}/settings` } },
  },
});

const titles: Readonly<Record<Pages, string>> = { forms: "plain HTML forms", sdk: "the SDK over Connect" };

/** A visit, and the mail that comes of it. */
export interface Story extends Visit {
  readonly post: Post;
}

/** Runs a story twice: on pages that are plain HTML forms, and on pages whose script uses the SDK. */
export function onBothPages(title: string, run: (story: Story) => Promise<void>, changes: ConfigTree = {}): void {
  for (const pages of ["forms", "sdk"] as const)
    inChromium(`${title} (${titles[pages]})`, async (t) => {
      const post = await openPost(t);
      await run({ ...(await visit(t, mergeTrees(mergeTrees(storyConfig, post.config), changes), pages)), post });
    });
}

/** The same story in another browser, where nobody is signed in: on somebody's phone, say. */
export async function elsewhere({ context, ...story }: Story): Promise<Story> {
  const other = await context.browser()!.newContext();
  story.page.once("close", () => void other.close());
  return { ...story, context: other, page: await other.newPage() };
}

/** Goes to where a flow begins: forms at the server's own address, the SDK at the page that calls it. */
export const goTo = ({ page, pages }: Visit, kind: string, query = "") =>
  page.goto(pages === "forms" ? `${idOrigin}/self-service/${kind}/browser${query}` : `${appOrigin}/${kind}${query}`);

/** Begins a flow, and waits for its form. */
export async function open(story: Visit, kind: string, query = ""): Promise<void> {
  await goTo(story, kind, query);
  await story.page.waitForSelector("form");
}

/** Fills fields in, by their names. */
export async function fill({ page }: Visit, fields: Readonly<Record<string, string>>): Promise<void> {
  for (const [name, value] of Object.entries(fields)) await page.fill(`[name="${name}"]`, value);
}

/** Presses the button of a method, or another by its name. */
export const press = ({ page }: Visit, button: string): Promise<void> =>
  page.click(`button[name=method][value="${button}"], button[name="${button}"]`);

/** Waits for a message, by its id. */
export const told = ({ page }: Visit, id: number) => page.waitForSelector(`.message[data-id="${id}"]`);

/** Waits for the home page and says what it knows of its visitor: who it is, how sure that is, and by which methods. */
export async function visitor({ page }: Visit): Promise<{ who: string; level?: string; methods?: string }> {
  await page.waitForURL(`${appOrigin}/`);
  const text = async (id: string) => (await page.textContent(`#${id}`)) ?? "";
  const who = await text("who");
  return who === "nobody" ? { who } : { who, level: await text("level"), methods: await text("methods") };
}

/** Asserts that somebody has come home, signed in by these methods. */
export async function assertHome(story: Visit, methods: string, level = "aal1"): Promise<void> {
  assert.deepEqual(await visitor(story), { who: email, level, methods });
}

/** Signs out by the link of the home page. */
export async function signOut(story: Visit): Promise<void> {
  await story.page.goto(`${appOrigin}/`);
  await story.page.click("#logout");
  await story.page.waitForFunction(() => document.querySelector("#who")?.textContent === "nobody");
}

/** Types a name and a password on the page to sign in. */
export async function signIn(story: Visit, secret = password, query = ""): Promise<void> {
  await open(story, "login", query);
  await fill(story, { identifier: email, password: secret });
  await press(story, "password");
}

/** Makes an account with a passkey, by the page to sign up. */
export async function signUpByPasskey(story: Visit): Promise<void> {
  await open(story, "registration");
  await fill(story, { "traits.email": email });
  await press(story, "passkey_register_trigger");
  await assertHome(story, "passkey");
}

/** Makes an account with a password, and signs its owner in. */
export async function begin(story: Visit): Promise<void> {
  await story.server.createPerson({ email, password });
  await signIn(story);
  await assertHome(story, "password");
}
