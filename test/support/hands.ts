import assert from "node:assert/strict";
import type { Page } from "playwright-core";

/** How somebody works a page. */
export interface Hands {
  /** Presses a button or follows a link. */
  press(selector: string): Promise<void>;
  /** Writes into a field, in the place of what is there. */
  fill(selector: string, text: string): Promise<void>;
  /** Turns a check box the other way. */
  turn(selector: string): Promise<void>;
}

export const byMouse = (page: Page): Hands => ({
  press: (selector) => page.click(selector),
  fill: (selector, text) => page.fill(selector, text),
  turn: (selector) => page.click(selector),
});

/** More than any page has of what can have the focus. */
const mostSteps = 120;

/** By the keyboard alone: from where the focus is to what is meant, one after the other, as whoever has no mouse. */
export function byKeyboard(page: Page): Hands {
  async function reach(selector: string): Promise<void> {
    const wanted = page.locator(selector).first();
    await wanted.waitFor();
    for (let steps = 0; steps < mostSteps; steps++) {
      if (await wanted.evaluate((one) => one === document.activeElement)) return;
      await page.keyboard.press("Tab");
    }
    assert.fail(`no key leads to ${selector}`);
  }
  return {
    async press(selector) {
      await reach(selector);
      await page.keyboard.press("Enter");
    },
    async fill(selector, text) {
      await reach(selector);
      await page.keyboard.press("ControlOrMeta+A");
      await page.keyboard.type(text);
    },
    async turn(selector) {
      await reach(selector);
      await page.keyboard.press("Space");
    },
  };
}
