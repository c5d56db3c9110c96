import type { Context } from "../../context.ts";
import { enqueue } from "../../courier/enqueue.ts";
import type { Mail } from "../../courier/message.ts";
import { issueSession } from "../../session/issue.ts";
import type { SessionMethod } from "../../session/entities.ts";
import type { SeedPerson } from "../../seed/people.ts";

/** Signs somebody in as often as they have signed in of late; answers with how often that was. */
export async function beginSessions(
  ctx: Context,
  identityId: string,
  { active, sessions, hasTotp }: SeedPerson,
  at: (ctx: Context, daysAgo: number) => Context,
): Promise<number> {
  if (!active) return 0;
  for (const daysAgo of sessions) {
    const then = at(ctx, daysAgo);
    const completed_at = then.now().toISOString();
    const methods: SessionMethod[] = [
      { method: "password", aal: "aal1", completed_at },
      ...(hasTotp ? [{ method: "totp", aal: "aal2", completed_at } as const] : []),
    ];
    await issueSession(then, identityId, methods, { reason: "login.password", actor: { kind: "system" } });
  }
  return sessions.length;
}

const mails = {
  verification: ["verification_code_valid", "verification_code"],
  recovery: ["recovery_code_valid", "recovery_code"],
  login: ["login_code_valid", "login_code"],
} as const;

/** Writes the message that somebody got of late, unless it would leave this machine; answers with how many were written. */
export async function writeMessage(ctx: Context, identityId: string, { message, email }: SeedPerson): Promise<0 | 1> {
  const { delivery_strategy: strategy, smtp, http, channels } = ctx.config.courier;
  const leaves = channels.length > 0 || Boolean(strategy === "http" ? http.request_config : smtp.connection_uri);
  if (!message || leaves) return 0;
  const [templateType, key] = mails[message];
  // The last digits of an id: they open nothing, since no flow knows them.
  const code = String(Number.parseInt(identityId.slice(-6), 16) % 1_000_000).padStart(6, "0");
  const data: Mail["data"] = { [key]: code, expires_in_minutes: 15, request_url: ctx.config.serve.public.base_url };
  await ctx.tx((tx) => enqueue(tx, { channel: "email", templateType, recipient: email, data }));
  return 1;
}
