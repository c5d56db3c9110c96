import assert from "node:assert/strict";
import { inChromium } from "../support/chromium.ts";
import { appOrigin, idOrigin, visit } from "../support/website.ts";

const ada = { email: "ada@example.org", password: "correct horse battery" };

inChromium("a person registers, signs out and in again with plain HTML forms", async (t) => {
  const { page } = await visit(t);
  const who = () => page.textContent("#who");
  await page.goto(`${idOrigin}/self-service/registration/browser`);
  await page.fill("[name='traits.email']", ada.email);
  await page.fill("[name=password]", "12345678");
  await page.click("button[value=password]");
  assert.match(page.url(), /^http:\/\/app\.example\.localhost\/registration\?flow=/);
  assert.ok(await page.isVisible(".message"), "a poor password is complained about");
  assert.equal(await page.inputValue("[name='traits.email']"), ada.email, "what was filled in is still there");
  await page.fill("[name=password]", ada.password);
  await page.click("button[value=password]");
  assert.equal(await who(), ada.email);
  assert.equal(page.url(), `${appOrigin}/`);

  await page.click("#logout");
  assert.equal(await who(), "nobody");

  await page.goto(`${idOrigin}/self-service/login/browser`);
  await page.fill("[name=identifier]", ada.email);
  await page.fill("[name=password]", ada.password);
  await page.click("button[value=password]");
  assert.equal(await who(), ada.email);
  const cookies = await page.context().cookies(idOrigin);
  assert.ok(cookies.every(({ httpOnly, sameSite }) => httpOnly && sameSite === "Lax"));
});
