import assert from "node:assert/strict";
import { test } from "node:test";
import { mergeTrees } from "../support/config.ts";
import { hydraConfig, startHydra } from "../support/hydra.ts";
import { ownPagesConfig } from "../support/own-pages.ts";
import { startServer } from "../support/server.ts";

test("who comes for an application and has no account yet is led to sign up for it, and back", async (t) => {
  const hydra = await startHydra(t);
  const server = await startServer(t, { config: mergeTrees(ownPagesConfig, hydraConfig(hydra)) });
  const challenge = hydra.wants();
  const browser = server.browser();
  let at = `/self-service/login/browser?login_challenge=${challenge}`;
  for (const [kind, next] of [
    ["login", "registration"],
    ["registration", "login"],
    ["login", "recovery"],
  ] as const) {
    let answer = await browser.get(at);
    while (answer.status === 303) answer = await browser.get((at = answer.location!));
    const id = new URL(at).searchParams.get("flow");
    const flow = await browser.get(`/self-service/${kind}/flows?id=${id}`, { accept: "application/json" });
    assert.equal(flow.body.oauth2_login_challenge, challenge, kind);
    const link = new RegExp(`href="([^"]*\\b${next}\\b[^"]*)"`).exec(String(answer.body))?.[1];
    assert.equal(link?.includes(`login_challenge=${challenge}`), next !== "recovery", `${kind} leads to ${link}`);
    at = new URL(link!.replaceAll("&#38;", "&"), at).href;
  }
});
