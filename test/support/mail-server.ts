import type { AddressInfo } from "node:net";
import type { TestContext } from "node:test";
import { simpleParser } from "mailparser";
import type { ParsedMail } from "mailparser";
import { SMTPServer } from "smtp-server";
import type { SMTPServerAddress, SMTPServerOptions, SMTPServerSession } from "smtp-server";

/** A mail as it came in. */
export interface ReceivedMail {
  readonly session: SMTPServerSession;
  readonly from: string;
  readonly to: readonly string[];
  readonly raw: string;
  readonly mail: ParsedMail;
}

/** A mail server of a test's own. */
export interface MailServer {
  readonly port: number;
  readonly received: readonly ReceivedMail[];
  /** How many mails have come in, readable or not. */
  count(): number;
  close(): Promise<void>;
}

/** How a test's mail server behaves. */
export interface MailServerOptions extends SMTPServerOptions {
  readonly port?: number;
  /** Called with each recipient: what it throws is the refusal. */
  readonly refuse?: (recipient: string) => Error | undefined;
  /** Called when a mail has been read, before it is accepted. */
  readonly onMail?: (raw: string) => void | Promise<void>;
}

/** A refusal with a code of SMTP. */
export const refusal = (responseCode: number, text: string): Error => Object.assign(new Error(text), { responseCode });

/** Starts a real mail server. Without other options it takes mail from everybody, in the clear. */
export async function startMailServer(
  t: TestContext | undefined,
  { port = 0, refuse, onMail, ...options }: MailServerOptions = {},
): Promise<MailServer> {
  const received: ReceivedMail[] = [];
  let count = 0;
  const server = new SMTPServer({
    authOptional: !options.onAuth,
    disabledCommands: ["STARTTLS"],
    logger: false,
    closeTimeout: 20,
    onRcptTo: ({ address }: SMTPServerAddress, _session, done) => done(refuse?.(address) ?? null),
    onData(stream, session, done) {
      const chunks: Buffer[] = [];
      stream.on("data", (chunk: Buffer) => chunks.push(chunk));
      stream.on("end", async () => {
        const raw = Buffer.concat(chunks).toString();
        const { mailFrom, rcptTo } = session.envelope;
        try {
          await onMail?.(raw);
          received.push({
            session,
            from: mailFrom ? mailFrom.address : "",
            to: rcptTo.map(({ address }) => address),
            raw,
            mail: await simpleParser(raw),
          });
          count++;
          done();
        } catch (error) {
          done(error as Error);
        }
      });
    },
    ...options,
  });
  server.on("error", () => undefined);
  await new Promise<void>((resolve) => server.listen(port, "127.0.0.1", resolve));
  const close = () => new Promise<void>((resolve) => server.close(resolve));
  t?.after(close);
  return { port: (server.server.address() as AddressInfo).port, received, count: () => count, close };
}
