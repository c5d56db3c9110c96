import type { Context } from "../context.ts";
import type { TemplateData } from "../courier/message.ts";
import { explanationOf } from "../errors.ts";
import { knownLoginRequest, loginRequestOf } from "../oauth2/login-challenge.ts";

/** What of a client its operator wants people to see. */
const shown = ["client_id", "client_name", "client_uri", "logo_uri", "metadata"];

/** What a message says of the application that somebody signs in to, as far as that is known by now. */
export function mailedLogin(ctx: Context, loginChallenge: string | null): Pick<TemplateData, "oauth2_login_request"> {
  const request = knownLoginRequest(ctx, loginChallenge);
  if (!request) return {};
  const { challenge, client } = request;
  const known = shown.filter((name) => client[name] !== undefined && client[name] !== null && client[name] !== "");
  const told = Object.fromEntries(known.map((name) => [name, client[name]]));
  return { oauth2_login_request: { challenge, client: told } };
}

/** Makes it known, before a transaction begins. A message that does without is better than none. */
export async function prepareMailedLogin(ctx: Context, challenge: string | null): Promise<void> {
  if (challenge === null) return;
  await loginRequestOf(ctx, challenge).catch((error: unknown) =>
    ctx.log.warn("a message says nothing of the application that somebody signs in to", {
      reason: explanationOf(error) ?? String(error),
    }),
  );
}
