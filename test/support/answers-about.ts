import type { TestServer } from "./server.ts";

/** What is answered to whoever asks for a code to an address and guesses it, without what always differs. */
export async function answersAbout({ native }: TestServer, kind: string, address: string): Promise<string> {
  const { body: flow } = await native.get(`/self-service/${kind}/api`);
  const { status, body } = await native.post(flow.ui.action, { method: "code", email: address });
  const guess = await native.post(flow.ui.action, { method: "code", code: "000000" });
  const told = JSON.stringify([status, body, guess.status, guess.body])
    .replaceAll(flow.id, "ID")
    .replaceAll(address, "ADDRESS");
  return told.replaceAll(/"\d{4}-\d\d-\d\dT[^"]+"/g, "TIME");
}
