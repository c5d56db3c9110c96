import type { Page } from "playwright-core";
import { publicUrl } from "./addresses.ts";
import type { Fields, UserInterface, Visitor } from "./ui.ts";
import { formVisitor, takes } from "./visitor.ts";

/**
 * Ory Elements in Next.js: `ory/elements`, the folder `examples/nextjs-app-router` by itself, with `@ory/elements-react` and `@ory/nextjs` from npm in
 * place of the workspace's, after `npm install && NEXT_PUBLIC_ORY_SDK_URL=http://localhost:4433 npm run build`. By itself it wants `@tailwindcss/postcss` and
 * `tailwindcss` besides, and does without `app/auth/error` as long as npm's `@ory/nextjs` has no `getError`.
 */
export const ui: UserInterface = {
  origin: "http://localhost:3000",
  pages: {
    login: "/auth/login",
    registration: "/auth/registration",
    settings: "/settings",
    recovery: "/auth/recovery",
    verification: "/auth/verification",
    error: "/error",
  },
  config: {
    selfservice: { flows: { login: { style: "identifier_first" }, registration: { style: "profile_first" } } },
  },
  lacks: {},
  command: ["node", "node_modules/.bin/next", "start", "-p", "3000"],
  environment: { NEXT_PUBLIC_ORY_SDK_URL: publicUrl },
  visitor: elementsVisitor,
};

/** A person whom the pages ask for one thing after the other: who they are, how they sign in, and then for that. */
function elementsVisitor(page: Page, own: UserInterface): Visitor {
  const plain = formVisitor(page, own);
  const next = page.locator(`button[name=method]:is([value=identifier_first], [value=profile])`).first();

  const complaint = page.locator(`[data-testid^="ory/message/4"]`).first();

  async function fill(fields: Fields) {
    for (const [name, value] of Object.entries(fields)) {
      const input = page.locator(`[name="${name}"]:not([type=hidden])`).first();
      if (await input.isVisible()) await takes(input, value);
    }
  }

  async function send(fields: Fields, name: string) {
    const button = plain.button(name);
    const group = /^(passkey|webauthn|totp|lookup_secret)/.exec(name)?.[1] ?? name;
    const choice = page.locator(`[data-testid="ory/form/auth-picker/${group}"]`);
    for (let pages = 0; pages < 4; pages++) {
      await button.or(choice).or(next).first().waitFor();
      await page.waitForLoadState("networkidle");
      await fill(fields);
      if (await button.isVisible()) return button.click();
      await ((await choice.isVisible()) ? choice : next).click();
      await page.waitForTimeout(300);
      await page.waitForLoadState("networkidle");
      // What is wrong with the first page keeps people from the next one.
      if (await complaint.isVisible()) return;
    }
    throw new Error(`no way leads to ${name}`);
  }

  return {
    ...plain,
    send,
    told: async (id) => void (await page.locator(`[data-testid^="ory/message/${id}"]`).first().waitFor()),
    async text() {
      const parts = page.locator(
        `[data-testid="ory/form/node/input/totp_secret_key"], [data-testid="ory/screen/settings/group/recovery_code/codes"]`,
      );
      await parts.first().waitFor();
      return (
        await parts.evaluateAll((all) =>
          all.map((one) => (one as HTMLInputElement).value ?? (one as HTMLElement).innerText),
        )
      ).join(" ");
    },
  };
}
