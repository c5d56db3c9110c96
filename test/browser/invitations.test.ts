import assert from "node:assert/strict";
import { barriersOn } from "../support/axe.ts";
import { inChromium } from "../support/chromium.ts";
import { visitOwnPages, welcomed } from "../support/own-pages.ts";
import { password } from "../support/person.ts";
import { followedLink } from "../support/post.ts";

const email = "ada@example.org";

inChromium("a person follows the link of an invitation and signs up; the link is of use once", async (t) => {
  const { page, post, server, complaints } = await visitOwnPages(t, {
    script: true,
    config: { selfservice: { pages: { name: "Acme" }, flows: { registration: { by_invitation_only: true } } } },
  });
  const made = await server.adminClient.post("/admin/invitations", { recipient: { address: email } });
  assert.equal(made.status, 201, JSON.stringify(made.body));
  const mail = await post.next();
  assert.equal(mail.subject, "You are invited to Acme");
  const link = followedLink(mail);
  await page.goto(link);
  assert.equal(await page.textContent("h1"), "You are invited to Acme");
  const address = page.getByLabel("E-mail");
  assert.equal(await address.inputValue(), email);
  assert.equal(await address.isEditable(), false);
  assert.deepEqual(await barriersOn(page, "the page of an invitation"), []);
  await page.fill("[name=password]", password);
  await page.click("button[name=method][value=password]");
  // The address is theirs already: there is no code to type.
  await welcomed(page, email);

  await page.context().clearCookies();
  await page.goto(link);
  await page.getByText("This invitation has been used already.").waitFor();
  await page.getByRole("link", { name: "Start again" }).click();
  await page.waitForURL(/\/ui\/login\?/);
  assert.equal(await page.getByRole("link", { name: "Create an account" }).count(), 0);
  assert.deepEqual(complaints, []);
});
