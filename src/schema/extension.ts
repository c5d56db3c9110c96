import { SchemaRefused, isObject } from "./limits.ts";

/** Where a one-time code, a verification or a recovery goes. */
export type Via = "email" | "sms";

/** What Kratos' keyword says a trait is for. */
export interface Extension {
  readonly password: boolean;
  readonly webauthn: boolean;
  readonly passkeyDisplayName: boolean;
  readonly totpAccountName: boolean;
  readonly code?: Via;
  readonly verification?: Via;
  readonly recovery?: Via;
}

/** All that the keyword may say: members, and the values of each. */
const members: Readonly<Record<string, readonly unknown[]>> = {
  "credentials.password.identifier": [true, false],
  "credentials.webauthn.identifier": [true, false],
  "credentials.passkey.display_name": [true, false],
  "credentials.totp.account_name": [true, false],
  "credentials.code.identifier": [true, false],
  "credentials.code.via": ["email", "sms", ""],
  "verification.via": ["email", "sms", ""],
  "recovery.via": ["email", "sms", ""],
  "organizations.matcher": ["email_domain"],
};

/** Reads the keyword of a trait. What it does not know is refused: nobody could sign in by a name that is misspelt. */
export function extensionOf(said: unknown, trait: string): Extension {
  const values = new Map<string, unknown>();
  const refuse = (path: string, what: string) =>
    new SchemaRefused(`traits.${trait}: ory.sh/kratos${path && `: ${path}`} ${what}.`);

  function read(part: unknown, path: string): void {
    const allowed = members[path];
    if (allowed && !allowed.includes(part))
      throw refuse(path, `must be one of ${allowed.map((value) => JSON.stringify(value)).join(", ")}`);
    if (allowed) return void values.set(path, part);
    if (path && !Object.keys(members).some((known) => known.startsWith(`${path}.`))) throw refuse(path, "is not known");
    if (!isObject(part)) throw refuse(path, "must be an object");
    for (const [key, inner] of Object.entries(part)) read(inner, path ? `${path}.${key}` : key);
  }

  if (said !== undefined) read(said, "");
  const is = (path: string) => values.get(path) === true;
  const via = (path: string) => (values.get(path) || undefined) as Via | undefined;
  const [verification, recovery] = [via("verification.via"), via("recovery.via")];
  return {
    password: is("credentials.password.identifier"),
    webauthn: is("credentials.webauthn.identifier"),
    passkeyDisplayName: is("credentials.passkey.display_name"),
    totpAccountName: is("credentials.totp.account_name"),
    ...(is("credentials.code.identifier") && { code: via("credentials.code.via") ?? "email" }),
    ...(verification && { verification }),
    ...(recovery && { recovery }),
  };
}
