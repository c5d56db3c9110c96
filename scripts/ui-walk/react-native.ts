import { join } from "node:path";
import type { Locator, Page } from "playwright-core";
import { publicUrl } from "./addresses.ts";
import type { UserInterface, Visitor } from "./ui.ts";
import { goTo, seen, takes } from "./visitor.ts";

const noKeys = "native flows have no security keys";

/**
 * Ory's app for phones, as it runs in a browser: `ory/kratos-selfservice-ui-react-native`, after `npm ci`, `npm run build` in `contrib/sdk/generated` and
 * `KRATOS_URL=http://localhost:4433 CI=1 NODE_OPTIONS=--openssl-legacy-provider npx expo export:web`.
 */
export const ui: UserInterface = {
  origin: "http://localhost:19006",
  pages: {
    login: "/Login",
    registration: "/Registration",
    settings: "/Settings",
    recovery: "/Recovery",
    verification: "/Verification",
    error: "/Error",
  },
  native: true,
  config: {
    feature_flags: { use_continue_with_transitions: true },
    session: { whoami: { required_aal: "aal1" } },
    selfservice: { flows: { settings: { required_aal: "aal1" } } },
  },
  lacks: {
    "adds a security key": noKeys,
    "signs out and in by password and the security key": noKeys,
    "confirms by the security key": noKeys,
    "removes the security key": noKeys,
    "removes the passkey": "the app names no method with it, which its own client refuses to send",
    "recovers by a link, and sets another password": "links lead browsers to pages, of which the app has none",
    "signs up with a security key alone, which stays as the only way in": noKeys,
    "signs out and in by the security key alone, and confirms by it": noKeys,
    "adds a password to the security key, removes the key, and signs in by password": noKeys,
    "adds a security key as a first factor to a password": noKeys,
  },
  command: [
    process.execPath,
    join(import.meta.dirname, "serve-folder.ts"),
    "web-build",
    "19006",
    "/ory/kratos-selfservice-ui-react-native",
  ],
  environment: {},
  visitor: appVisitor,
};

/** A person in front of the app, which knows fields and buttons by marks for tests, and sessions by their token. */
function appVisitor(page: Page, { origin, pages }: UserInterface): Visitor {
  const marked = (mark: string, rest = ""): Locator => page.locator(`[data-testid${mark}]${rest}`);

  function buttons(name: string): Locator {
    if (name.endsWith("_trigger")) return marked('="passkey-button"');
    if (name === "passkey_remove") return marked('^="passkey-remove-"');
    return page.locator(
      `:is([data-testid="field/method/${name}"], [data-testid^="field/${name}/"]) [data-testid="submit-form"]`,
    );
  }

  const token = () =>
    page.evaluate(
      () =>
        (JSON.parse(localStorage.getItem("user_session") ?? "null") as { session_token?: string } | null)
          ?.session_token,
    );

  return {
    async open(kind, query = "") {
      // Without the id of a flow, the page for it cannot be drawn.
      await goTo(page, `${origin}${pages[kind]}${kind === "verification" ? "?flowId=none" : query}`);
    },
    async send(fields, name) {
      const button = buttons(name).first();
      await button.waitFor();
      for (const [field, value] of Object.entries(fields))
        await takes(marked(`="${field}"`, typeof value === "boolean" ? " input" : "").first(), value);
      await button.click();
    },
    told: async (id) => void (await marked(`="ui/message/${id}"`).first().waitFor()),
    async text(id) {
      await marked(`="field/${id}/text"`).waitFor();
      return marked(`="field/${id}/text"`).innerText();
    },
    async count(name) {
      await page.waitForLoadState("networkidle");
      return buttons(name).count();
    },
    isDisabled: async (name) => (await buttons(name).first().getAttribute("aria-disabled")) === "true",
    async signOut() {
      await page.evaluate(() => localStorage.clear());
      await goTo(page, `${origin}${pages.login}`);
    },
    async session() {
      const answer = await page.request.get(`${publicUrl}/sessions/whoami`, {
        headers: { "x-session-token": (await token()) ?? "" },
      });
      return answer.ok() ? seen(await answer.json()) : undefined;
    },
  };
}
