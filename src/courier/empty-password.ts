/** A sign-in at a mail server that is under way, as the mail library shows it. */
interface SignIn {
  readonly auth: { readonly user: string };
  sendCommand(line: string): Promise<{ readonly status: number; readonly text: string }>;
}

const base64 = (text: string): string => Buffer.from(text).toString("base64");

async function say({ sendCommand }: SignIn, line: string, expected: 2 | 3): Promise<void> {
  const { status, text } = await sendCommand(line);
  if (Math.floor(status / 100) !== expected)
    throw Object.assign(new Error(`Invalid login: ${status} ${text}`), { responseCode: status });
}

/** Ways to sign in with a user's name and an empty password, which the mail library by itself takes for none. */
export const withoutPassword = {
  PLAIN: (signIn: SignIn) => say(signIn, `AUTH PLAIN ${base64(`\0${signIn.auth.user}\0`)}`, 2),
  async LOGIN(signIn: SignIn): Promise<void> {
    await say(signIn, "AUTH LOGIN", 3);
    await say(signIn, base64(signIn.auth.user), 3);
    await say(signIn, "", 2);
  },
};
