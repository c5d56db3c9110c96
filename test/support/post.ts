import type { TestContext } from "node:test";
import type { ParsedMail } from "mailparser";
import type { ConfigTree } from "./config.ts";
import { until } from "./courier.ts";
import { startMailServer } from "./mail-server.ts";

/** What comes by mail, as people read it. */
export interface Post {
  /** What a server has to be told for its mail to come here. */
  readonly config: ConfigTree;
  /** Waits for the next mail that nobody has read yet. */
  next(): Promise<ParsedMail>;
}

/** Opens a mail server that takes everybody's mail. */
export async function openPost(t: TestContext): Promise<Post> {
  const { port, received } = await startMailServer(t);
  let read = 0;
  return {
    config: {
      "watch-courier": true,
      courier: {
        worker: { pull_wait: "50ms" },
        smtp: { connection_uri: `smtp://127.0.0.1:${port}/?disable_starttls=true` },
      },
    },
    async next() {
      await until(() => received.length > read);
      return received[read++]!.mail;
    },
  };
}

/** The code that a mail asks to type in. */
export const typedCode = ({ text = "" }: ParsedMail): string => found(text, /\b\d{6}\b/);

/** The link that a mail asks to follow. */
export const followedLink = ({ text = "" }: ParsedMail): string => found(text, /https?:\S+/);

function found(text: string, pattern: RegExp): string {
  const [match] = pattern.exec(text) ?? [];
  if (!match) throw new Error(`nothing like ${pattern} in: ${text}`);
  return match;
}
