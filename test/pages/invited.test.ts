import assert from "node:assert/strict";
import { test } from "node:test";
import { mergeTrees } from "../support/config.ts";
import { inviteByHand } from "../support/invited.ts";
import { ownPagesConfig } from "../support/own-pages.ts";
import { startServer } from "../support/server.ts";

test("those who are invited are told so in their language, and why where the invitation is of no more use", async (t) => {
  const server = await startServer(t, {
    config: mergeTrees(ownPagesConfig, { selfservice: { flows: { registration: { by_invitation_only: true } } } }),
  });
  const { token, id } = await inviteByHand(server, "ada@example.org");
  const open = async (query: string, language: string) => {
    const browser = server.browser();
    const headers = { "accept-language": language };
    let answer = await browser.get(`/ui/registration${query && `?invitation=${query}`}`, { headers });
    while (answer.status === 303) answer = await browser.get(answer.location!, { headers });
    return String(answer.body);
  };
  assert.match(await open(token, "de"), /<h1>Sie sind zu Ostiary eingeladen<\/h1>/);
  assert.match(await open(token, "ar"), /<h1>لقد تمت دعوتك إلى Ostiary<\/h1>/);
  const french = await open(token, "fr");
  assert.match(french, /<h1>Vous êtes invité à rejoindre Ostiary<\/h1>/);
  assert.match(french, /<input(?=[^>]*name="traits\.email")(?=[^>]*value="ada@example\.org")[^>]*\sreadonly/);
  assert.match(await open("x".repeat(48), "es"), /Esta invitación no existe/);
  assert.match(await open("", "nl"), /Dit is niet voor iedereen toegankelijk/);
  await server.adminClient.post(`/admin/invitations/${id}/revoke`);
  assert.match(await open(token, "pl"), /To zaproszenie wycofano/);
  const { token: other } = await inviteByHand(server, "bob@example.org", { expires_in: "1h" });
  server.advance(2 * 3_600_000);
  const late = await open(other, "en");
  assert.match(late, /This invitation has expired/);
  assert.ok(!late.includes(other), "no page tells of the token");
});
