import type { Locator, Page } from "playwright-core";
import { publicUrl } from "./addresses.ts";
import type { SessionSeen, UserInterface, Visitor } from "./ui.ts";

/** Goes to an address, also where a script of the page before was just about to go elsewhere. */
export async function goTo(page: Page, url: string): Promise<void> {
  for (let tries = 0; ; tries++)
    try {
      return void (await page.goto(url));
    } catch (error) {
      if (tries === 3) throw error;
      await page.waitForTimeout(500);
    }
}

/** Types into a field, or ticks it. */
export async function takes(input: Locator, value: string | boolean): Promise<void> {
  if (typeof value === "string") await input.fill(value);
  // Boxes of a page's own look lie over the real ones, and take the pointer.
  else if ((await input.isChecked()) !== value) await input.evaluate((box) => (box as HTMLInputElement).click());
}

/** A person who finds buttons by the names of their nodes. */
export interface FormVisitor extends Visitor {
  button(name: string): Locator;
}

/** A person in front of pages whose forms are forms of HTML, with fields and buttons by the names of their nodes. */
export function formVisitor(page: Page, { origin, pages }: UserInterface): FormVisitor {
  const buttons = (name: string): Locator =>
    page.locator(`:is(button, input[type=submit]):is([name=method][value="${name}"], [name="${name}"])`);
  return {
    button: (name) => buttons(name).first(),
    async open(kind, query = "") {
      await goTo(page, `${origin}${pages[kind]}${query}`);
      await page.waitForSelector("form");
    },
    async send(fields, name) {
      const button = buttons(name).first();
      await button.waitFor();
      // Pages with a form for each method have some fields several times.
      const form = page.locator("form").filter({ has: button }).first();
      for (const [field, value] of Object.entries(fields)) {
        const input = form.locator(`[name="${field}"]:not([type=hidden])`).first();
        await takes(input, value);
      }
      await button.click();
    },
    told: async (id) => void (await page.locator(`[data-testid="ui/message/${id}"]`).first().waitFor()),
    async text(id) {
      const parts = page.locator(`[id="${id}"], [data-testid^="node/text/${id}/"]`);
      await parts.first().waitFor();
      return (await parts.allInnerTexts()).join(" ");
    },
    async count(name) {
      await page.waitForLoadState("networkidle");
      return buttons(name).count();
    },
    isDisabled: (name) => buttons(name).first().isDisabled(),
    async signOut() {
      const answer = await page.request.get(`${publicUrl}/self-service/logout/browser`, {
        headers: { accept: "application/json" },
      });
      // Who is not signed in has no such address.
      if (!answer.ok()) return;
      await goTo(page, ((await answer.json()) as { logout_url: string }).logout_url);
      // Where a script leads on from there, it would lead away from whatever page is opened next.
      await page.waitForLoadState("networkidle");
    },
    async session() {
      const answer = await page.request.get(`${publicUrl}/sessions/whoami`);
      return answer.ok() ? seen(await answer.json()) : undefined;
    },
  };
}

interface WhoamiAnswer {
  readonly authenticator_assurance_level: string;
  readonly authentication_methods: readonly { readonly method: string }[];
  readonly identity: { readonly traits: Readonly<Record<string, unknown>> };
}

/** What a session is like, out of the answer that describes it. */
export const seen = ({
  authenticator_assurance_level: level,
  authentication_methods: methods,
  identity,
}: WhoamiAnswer): SessionSeen => ({
  level,
  methods: methods.map(({ method }) => method).join(" "),
  traits: identity.traits,
});
