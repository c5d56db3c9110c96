import assert from "node:assert/strict";
import { stripTypeScriptTypes } from "node:module";
import { inChromium } from "../support/chromium.ts";
import { examplesOf, ines } from "../support/readme.ts";
import { appOrigin, idOrigin, visit } from "../support/website.ts";

inChromium("the README's example for browsers signs somebody in, from a page of an allowed origin", async (t) => {
  const { page, server } = await visit(t, {
    serve: { public: { cors: { enabled: true, allowed_origins: [appOrigin] } } },
  });
  await server.createPerson(ines);
  await page.goto(`${appOrigin}/script`);
  const [example] = examplesOf("Browsers, over Connect");
  const content = `${stripTypeScriptTypes(example!.replace("https://id.example.org", idOrigin))}\ndocument.title = "done";`;
  await page.addScriptTag({ type: "module", content });
  await page.waitForFunction(() => document.title === "done");
  await page.goto(`${appOrigin}/`);
  assert.equal(await page.textContent("#who"), ines.email);
});
