import type { Context } from "../context.ts";
import { uuidv7 } from "../db/id.ts";
import { insert as insertRows } from "../db/query.ts";
import { channelOf } from "./channel.ts";
import { courierMessages } from "./entities.ts";
import type { CourierMessage } from "./entities.ts";
import { localeOf } from "./locale.ts";
import { builtInLocale, nowhere } from "./message.ts";
import type { Mail, TemplateData } from "./message.ts";
import { renderMail } from "./render.ts";
import { isSmsType } from "../config/template-types.ts";
import { activeSpan, traced } from "../tracing/active-span.ts";
import { enqueued } from "./enqueued.ts";

/**
 * Writes a message into the outbox, within the caller's transaction: it will be sent if, and only if, that is committed.
 *
 * @example
 * await ctx.tx((tx) =>
 *   enqueue(tx, {
 *     channel: "email",
 *     recipient: "ada@example.org",
 *     templateType: "login_code_valid",
 *     data: { login_code: "123456", expires_in_minutes: 15 },
 *   }),
 * );
 */
export async function enqueue(ctx: Context, mail: Mail): Promise<void> {
  refuseUnfit(mail);
  await insert(ctx, mail, channelOf(ctx.config.courier, mail));
}

/**
 * Does all that `enqueue` does for a message that nobody is to get: neither the database nor the clock tells the two apart.
 * The next worker discards it.
 */
export const enqueueDecoy = (ctx: Context, mail: Mail): Promise<void> => insert(ctx, mail, nowhere);

const insert = (ctx: Context, mail: Mail, channel: string): Promise<void> =>
  traced(
    "courier enqueue",
    {
      kind: "producer",
      attributes: { "messaging.operation.name": "enqueue", "ostiary.message.template": mail.templateType },
    },
    async () => {
      await insertRows(ctx, courierMessages, [await messageOf(ctx, mail, channel)]);
      enqueued.give(ctx.db);
    },
  );

async function messageOf(ctx: Context, mail: Mail, channel: string): Promise<CourierMessage> {
  const { channel: type, recipient, templateType } = mail;
  const data = completed(ctx, mail);
  const wording = await renderMail(ctx, { ...mail, data });
  const now = ctx.now();
  return {
    id: uuidv7(now.getTime()),
    createdAt: now,
    updatedAt: now,
    status: "queued",
    type,
    channel,
    recipient,
    templateType,
    templateData: data,
    requestHeaders: headersToTell(ctx),
    subject: oneLine(wording.subject),
    body: wording.text,
    htmlBody: wording.html,
    sendCount: 0,
    dueAt: now,
    leaseId: null,
    traceparent: activeSpan()?.headers()["traceparent"] ?? null,
  };
}

/** A recipient is one address: nothing in it can name another, or a header. */
function refuseUnfit({ channel, recipient, templateType }: Mail): void {
  // oxlint-disable-next-line no-control-regex
  if (!recipient || recipient.length > 512 || /[\u0000-\u001f\u007f]/.test(recipient))
    throw new TypeError("The recipient of a message is no address.");
  if (channel === "sms" && !isSmsType(templateType)) throw new TypeError(`There is no text message ${templateType}.`);
}

function completed(ctx: Context, { channel, recipient, data }: Mail): TemplateData {
  const { request_url: url } = data;
  const domain = channel === "sms" && url !== undefined && URL.canParse(url) ? new URL(url).hostname : undefined;
  const { languages, default: standard } = ctx.config.courier.locale;
  // Programs that take messages over HTTP see no more than Kratos gives them where nothing asks for more.
  const locale = languages.length > 0 || standard !== builtInLocale ? localeOf(ctx, data) : undefined;
  return { to: recipient, ...(locale && { locale }), ...data, ...(domain && { request_url_domain: domain }) };
}

/** What an HTTP channel gets to see of the request: no cookie, no credential, unless the operator lists it. */
function headersToTell({ call, config }: Context): Record<string, string> {
  const told: Record<string, string> = {};
  for (const name of config.clients.web_hook.header_allowlist) {
    const value = call.headers.get(name);
    if (value !== null) told[name] = value.slice(0, 2048);
  }
  return told;
}

// oxlint-disable-next-line no-control-regex
const oneLine = (text: string): string => text.replace(/[\u0000-\u001f\u007f]+/g, " ").trim();
