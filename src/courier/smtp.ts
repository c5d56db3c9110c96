import { connect } from "node:net";
import type { Socket } from "node:net";
import type { SmtpConfig } from "../config/outgoing-config.ts";
import { onFirstUse } from "../on-first-use.ts";
import { guardedLookup, refusePrivateHost } from "../outgoing/guard.ts";
import { traced } from "../tracing/active-span.ts";
import { Undeliverable } from "./delivery.ts";
import { withoutPassword } from "./empty-password.ts";
import type { CourierMessage } from "./entities.ts";
import { smtpTarget } from "./smtp-target.ts";
import type { SmtpTarget } from "./smtp-target.ts";

const mailer = onFirstUse<typeof import("nodemailer")>("nodemailer");
const timeoutMs = 10_000;
const idleMs = 30_000;

/** Connections to a mail server, kept open between one mail and the next. */
export interface SmtpPool {
  send(message: CourierMessage, signal: AbortSignal): Promise<void>;
  /** Connects and signs in, and sends nothing. */
  verify(): Promise<void>;
  close(): void;
}

/** Opens no connection yet: mails do. */
export function createSmtpPool(
  config: SmtpConfig,
  options: { readonly connections: number; readonly refusePrivate: boolean },
): SmtpPool {
  const target = smtpTarget(config);
  const transport = mailer().createTransport({
    ...target,
    ...(target.auth?.pass === "" && { customAuth: withoutPassword }),
    pool: true,
    maxConnections: options.connections,
    maxMessages: 100,
    // Each attempt is counted and written down: none is made behind our back.
    maxRequeues: 0,
    name: config.local_name,
    connectionTimeout: timeoutMs,
    greetingTimeout: timeoutMs,
    socketTimeout: idleMs,
    disableFileAccess: true,
    disableUrlAccess: true,
    // The resolver of the mail library asks name servers only, and knows no guard.
    getSocket: (_: unknown, done: (error: Error | null, socket?: { connection: Socket }) => void) =>
      open(target, options.refusePrivate).then((connection) => done(null, { connection }), done),
  } as never);
  return {
    async send(message, signal) {
      try {
        await tracedMail(target, () => transport.sendMail({ ...emailFor(message, config), signal } as never));
      } catch (error) {
        throw isFinal(error) ? new Undeliverable((error as Error).message, { cause: error }) : error;
      }
    },
    verify: async () => void (await transport.verify()),
    close: () => transport.close(),
  };
}

const tracedMail = <T>({ host, port }: SmtpTarget, send: () => Promise<T>): Promise<T> =>
  traced(
    "smtp send",
    { kind: "client", attributes: { "server.address": host, "server.port": port, "network.protocol.name": "smtp" } },
    send,
  );

function open({ host, port }: SmtpTarget, refusePrivate: boolean): Promise<Socket> {
  return new Promise((resolve, reject) => {
    if (refusePrivate) refusePrivateHost(host);
    const socket = connect({ host, port, ...(refusePrivate && { lookup: guardedLookup }) });
    const timer = setTimeout(
      () =>
        socket.destroy(
          Object.assign(new Error(`${host}:${port} did not answer within ${timeoutMs} ms.`), { code: "ETIMEDOUT" }),
        ),
      timeoutMs,
    );
    socket.once("error", (error) => {
      clearTimeout(timer);
      reject(error);
    });
    socket.once("connect", () => {
      clearTimeout(timer);
      // Between here and the mail library there is a moment in which nobody else listens.
      socket.on("error", () => undefined);
      resolve(socket);
    });
  });
}

/** The mail. Its Message-ID is always the same, so that a mail that was sent twice is seen to be one. */
function emailFor({ id, recipient, subject, body, htmlBody, createdAt }: CourierMessage, config: SmtpConfig) {
  const from = { name: config.from_name ?? "", address: config.from_address };
  return {
    from,
    to: { name: "", address: recipient },
    envelope: { from: config.from_address, to: [recipient] },
    messageId: `<${id}@${config.from_address.split("@").at(-1)}>`,
    date: createdAt,
    subject,
    text: body,
    ...(htmlBody !== null && { html: htmlBody }),
    // RFC 3834: no out-of-office note is to be sent back.
    headers: { "Auto-Submitted": "auto-generated", ...config.headers },
  };
}

/** Whether the mail server refused this mail for good (RFC 5321 4.2.1). A refused sign-in is no fault of the mail. */
function isFinal(error: unknown): boolean {
  const { responseCode, code } = error as { responseCode?: number; code?: string };
  return responseCode !== undefined && responseCode >= 500 && (code === "EENVELOPE" || code === "EMESSAGE");
}
